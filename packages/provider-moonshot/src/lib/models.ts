import type { Lifecycle, ModelProfile, Provenance } from "@perilune/core/provider";
import type { FamilyName } from "./family-rules.ts";
import { perMillion } from "./prices.ts";

export interface MoonshotProfile extends ModelProfile {
  readonly family: FamilyName;
  /** Where a price comes from, when not from where the rest does. */
  readonly priceProvenance?: { readonly usd?: Provenance; readonly cny?: Provenance };
}

const pricingPages: Provenance = {
  evidence: "documented",
  date: "2026-08-18",
  source: "platform.kimi.ai/docs/pricing and platform.kimi.com/docs/pricing",
};
const k3Pages: Provenance = {
  evidence: "documented",
  date: "2026-09-12",
  source: "platform.kimi.ai/docs: pricing, and the billing change of September 2026 for cache writes",
};
const k31Pages: Provenance = {
  evidence: "documented",
  date: "2026-10-24",
  source: "Moonshot's release notes and pricing of kimi-k3.1-pro as quoted by resellers",
};
const retirementNotices: Provenance = {
  evidence: "documented",
  date: "2026-08-31",
  source: "platform.kimi.ai/docs/models: retirements, with the last printed prices",
};
const thirdPartyLists: Provenance = {
  evidence: "observed",
  date: "2025-08-31",
  source: "price lists of other clients, not seen on Moonshot's own pages",
};
const portkeysExamples: Provenance = {
  evidence: "inferred",
  date: "2026-11-24",
  source: "portkey.ai/docs/integrations/llms/moonshot: the examples name it; Moonshot never listed it",
};
const currencyRatio: Provenance = {
  evidence: "inferred",
  date: "2026-11-10",
  source: "computed from another client's USD figures for the Chinese platform; not seen printed",
};

const text = ["text"] as const;
const textAndImages = ["text", "image"] as const;
const textImagesVideo = ["text", "image", "video"] as const;

const abilities = {
  supportsTools: true,
  supportsJsonSchema: true,
  supportsReasoning: true,
  supportsPrefill: true,
} as const;

const k3 = {
  ...abilities,
  family: "kimi-k3",
  contextWindowTokens: 1_048_576,
  maxOutputTokens: 1_048_576,
  defaultMaxOutputTokens: 131_072,
  inputModalities: textImagesVideo,
} as const;

const k2x = {
  ...abilities,
  contextWindowTokens: 262_144,
  defaultMaxOutputTokens: 32_768,
  inputModalities: textImagesVideo,
} as const;

const k2 = {
  ...abilities,
  contextWindowTokens: 262_144,
  defaultMaxOutputTokens: 1_024,
  inputModalities: text,
  provenance: retirementNotices,
} as const;

/** The K2 series: closed to accounts registered since 2026-10-31, to end with December 2026. */
function liveUntilEndOf2026(since: string): Lifecycle {
  return { state: "live", since, retirementPlanned: "2026-12-31" };
}

function retired(on: string, replacedBy: string): Lifecycle {
  return { state: "retired", on, replacedBy };
}

const k2Retired = retired("2026-05-25", "kimi-k2.6");
const summerRetired = retired("2026-08-31", "kimi-k2.6");

const liveModels: readonly MoonshotProfile[] = [
  {
    id: "kimi-k3.1-pro",
    ...k3,
    lifecycle: { state: "live", since: "2026-10-23" },
    prices: {
      usd: perMillion({ cached: 0.2, input: 2, output: 10, cacheWrite: { fiveMinutes: 2, oneHour: 4 } }),
      cny: perMillion({ cached: 1.3, input: 13, output: 68 }),
    },
    provenance: k31Pages,
    priceProvenance: { cny: currencyRatio },
  },
  {
    id: "kimi-k3.1-pro-highspeed",
    ...k3,
    lifecycle: { state: "live", since: "2026-10-23" },
    prices: {
      usd: perMillion({ cached: 0.2, input: 4, output: 20, cacheWrite: { fiveMinutes: 4, oneHour: 8 } }),
      cny: perMillion({ cached: 1.3, input: 26, output: 136 }),
    },
    provenance: k31Pages,
    priceProvenance: { cny: currencyRatio },
  },
  {
    id: "kimi-k3",
    ...k3,
    lifecycle: { state: "live", since: "2026-07-16" },
    prices: {
      usd: perMillion({ cached: 0.3, input: 3, output: 15, cacheWrite: { fiveMinutes: 3, oneHour: 6 } }),
      cny: perMillion({ cached: 2, input: 20, output: 100 }),
    },
    provenance: k3Pages,
  },
  {
    id: "kimi-k2.7-code",
    ...k2x,
    family: "kimi-k2.7-code",
    lifecycle: liveUntilEndOf2026("2026-06-12"),
    prices: {
      usd: perMillion({ cached: 0.19, input: 0.95, output: 4 }),
      cny: perMillion({ cached: 1.3, input: 6.5, output: 27 }),
    },
    provenance: pricingPages,
  },
  {
    id: "kimi-k2.7-code-highspeed",
    ...k2x,
    family: "kimi-k2.7-code",
    lifecycle: liveUntilEndOf2026("2026-06-15"),
    prices: {
      usd: perMillion({ cached: 0.38, input: 1.9, output: 8 }),
      cny: perMillion({ cached: 2.6, input: 13, output: 54 }),
    },
    provenance: pricingPages,
    priceProvenance: { cny: currencyRatio },
  },
  {
    id: "kimi-k2.6",
    ...k2x,
    family: "kimi-k2.6",
    maxOutputTokens: 262_144,
    lifecycle: liveUntilEndOf2026("2026-04-20"),
    prices: {
      usd: perMillion({ cached: 0.16, input: 0.95, output: 4 }),
      cny: perMillion({ cached: 1.1, input: 6.5, output: 27 }),
    },
    provenance: pricingPages,
  },
];

const retiredKimi: readonly MoonshotProfile[] = [
  {
    id: "kimi-k2.5",
    ...k2x,
    family: "kimi-k2.5",
    lifecycle: summerRetired,
    prices: {
      usd: perMillion({ cached: 0.1, input: 0.6, output: 3 }),
      cny: perMillion({ cached: 0.7, input: 4, output: 21 }),
    },
    provenance: retirementNotices,
  },
  {
    id: "kimi-k2-thinking",
    ...k2,
    family: "kimi-k2-thinking",
    lifecycle: k2Retired,
    prices: { usd: perMillion({ cached: 0.15, input: 0.6, output: 2.5 }) },
  },
  {
    id: "kimi-k2-thinking-turbo",
    ...k2,
    family: "kimi-k2-thinking",
    lifecycle: k2Retired,
    prices: { usd: perMillion({ cached: 0.15, input: 1.15, output: 8 }) },
  },
  {
    id: "kimi-k2-turbo-preview",
    ...k2,
    family: "kimi-k2",
    supportsReasoning: false,
    lifecycle: k2Retired,
    prices: { usd: perMillion({ cached: 0.15, input: 1.15, output: 8 }) },
  },
  {
    id: "kimi-k2-0905-preview",
    ...k2,
    family: "kimi-k2",
    supportsReasoning: false,
    lifecycle: k2Retired,
    prices: { usd: perMillion({ cached: 0.15, input: 0.6, output: 2.5 }) },
  },
  {
    id: "kimi-k2-0711-preview",
    ...k2,
    family: "kimi-k2",
    contextWindowTokens: 131_072,
    supportsReasoning: false,
    lifecycle: k2Retired,
    prices: {
      usd: perMillion({ cached: 0.15, input: 0.6, output: 2.5 }),
      cny: perMillion({ input: 4, output: 16 }),
    },
    priceProvenance: { cny: thirdPartyLists },
  },
  {
    id: "kimi-thinking-preview",
    ...k2,
    family: "kimi-thinking-preview",
    contextWindowTokens: 131_072,
    inputModalities: textAndImages,
    supportsTools: false,
    lifecycle: retired("2025-11-11", "kimi-k3"),
    prices: { usd: perMillion({ input: 30, output: 30 }) },
  },
];

/** What the first generation was billed by: the size of the context used. */
const tiers = {
  "8k": { usd: { input: 0.2, output: 2 }, cny: { input: 2, output: 10 }, contextWindowTokens: 8_192 },
  "32k": { usd: { input: 1, output: 3 }, cny: { input: 5, output: 20 }, contextWindowTokens: 32_768 },
  "128k": { usd: { input: 2, output: 5 }, cny: { input: 10, output: 30 }, contextWindowTokens: 131_072 },
} as const;

type Tier = keyof typeof tiers;

function moonshotV1(
  id: string,
  tier: Tier,
  inputModalities: ModelProfile["inputModalities"] = text,
): MoonshotProfile {
  const { usd, cny, contextWindowTokens } = tiers[tier];
  return {
    ...k2,
    id,
    family: "moonshot-v1",
    supportsReasoning: false,
    contextWindowTokens,
    inputModalities,
    lifecycle: summerRetired,
    prices: { usd: perMillion(usd), cny: perMillion(cny) },
  };
}

function kimiLatest(id: string, tier: Tier): MoonshotProfile {
  return {
    ...k2,
    id,
    family: "kimi-latest",
    supportsReasoning: false,
    contextWindowTokens: tiers[tier].contextWindowTokens,
    inputModalities: textAndImages,
    lifecycle: retired("2026-01-28", "kimi-k2.6"),
    prices: { usd: perMillion({ ...tiers[tier].usd, cached: 0.15 }) },
  };
}

const firstGeneration: readonly MoonshotProfile[] = (["8k", "32k", "128k"] as const).flatMap((tier) => [
  moonshotV1(`moonshot-v1-${tier}`, tier),
  moonshotV1(`moonshot-v1-${tier}-0430`, tier),
  moonshotV1(`moonshot-v1-${tier}-vision-preview`, tier, textAndImages),
  kimiLatest(`kimi-latest-${tier}`, tier),
]);

/** Every model Moonshot has documented, live and retired, newest first, and one that only others did. */
export const models: readonly MoonshotProfile[] = [
  ...liveModels,
  ...retiredKimi,
  ...firstGeneration,
  // These two chose their tier by the request; what is stored is the dearest, so that no estimate is too low.
  kimiLatest("kimi-latest", "128k"),
  moonshotV1("moonshot-v1-auto", "128k"),
  {
    ...k2,
    id: "moonshot-v1-16k",
    family: "moonshot-v1",
    supportsReasoning: false,
    contextWindowTokens: 16_384,
    lifecycle: summerRetired,
    prices: {},
    provenance: portkeysExamples,
  },
];
