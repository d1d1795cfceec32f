import type { ChatTarget } from "@perilune/core/provider";

export type FamilyName =
  | "moonshot-v1"
  | "kimi-latest"
  | "kimi-thinking-preview"
  | "kimi-k2"
  | "kimi-k2-thinking"
  | "kimi-k2.5"
  | "kimi-k2.6"
  | "kimi-k2.7-code"
  | "kimi-k3";

/** How a request steers thinking, and whether it can. */
export type ThinkingRule =
  | { readonly control: "none"; readonly isAlwaysOn: boolean }
  /** `thinking: { type, keep }`. */
  | { readonly control: "object"; readonly canDisable: boolean; readonly keeps: boolean }
  /** `reasoning_effort`; always on. */
  | { readonly control: "effort" };

/** The only values accepted; anything else is a 400. */
export interface FixedSampling {
  readonly temperature: number;
  readonly temperatureWithoutThinking: number;
  readonly top_p: number;
  readonly n: number;
  readonly presence_penalty: number;
  readonly frequency_penalty: number;
}

/** What the models of one family accept. */
export interface FamilyRules {
  /** `free`: temperature 0 to 1, and not near 0 when several answers are asked for. */
  readonly sampling: "free" | FixedSampling;
  readonly thinking: ThinkingRule;
  /** Accepts `tool_choice: "required"`. */
  readonly acceptsRequiredTool: boolean;
  /** A tool named in `tool_choice` while it thinks. */
  readonly namedToolWhileThinking: "accepted" | "refused";
  /** Wants text as a string rather than as a list of parts. */
  readonly wantsPlainText: boolean;
}

const k2Sampling: FixedSampling = {
  temperature: 1,
  temperatureWithoutThinking: 0.6,
  top_p: 0.95,
  n: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
};
const alwaysThinkingSampling: FixedSampling = { ...k2Sampling, temperatureWithoutThinking: 1 };

const firstGeneration: FamilyRules = {
  sampling: "free",
  thinking: { control: "none", isAlwaysOn: false },
  acceptsRequiredTool: false,
  namedToolWhileThinking: "accepted",
  wantsPlainText: true,
};

const k2WithThinking = {
  sampling: k2Sampling,
  acceptsRequiredTool: false,
  namedToolWhileThinking: "refused",
  wantsPlainText: false,
} satisfies Partial<FamilyRules>;

/**
 * The platform's parameter reference as a table (documentation of 2026-08-13 and 2026-08-17; K3.1 confirmed to
 * follow K3 on 2026-10-24).
 */
export const familyRules: Readonly<Record<FamilyName, FamilyRules>> = {
  "moonshot-v1": firstGeneration,
  "kimi-latest": firstGeneration,
  "kimi-thinking-preview": { ...firstGeneration, thinking: { control: "none", isAlwaysOn: true } },
  "kimi-k2": firstGeneration,
  "kimi-k2-thinking": { ...firstGeneration, thinking: { control: "none", isAlwaysOn: true } },
  "kimi-k2.5": { ...k2WithThinking, thinking: { control: "object", canDisable: true, keeps: false } },
  "kimi-k2.6": { ...k2WithThinking, thinking: { control: "object", canDisable: true, keeps: true } },
  "kimi-k2.7-code": {
    ...k2WithThinking,
    sampling: alwaysThinkingSampling,
    thinking: { control: "object", canDisable: false, keeps: true },
  },
  "kimi-k3": {
    sampling: alwaysThinkingSampling,
    thinking: { control: "effort" },
    acceptsRequiredTool: true,
    // Two public reports, 2026; the documentation is silent.
    namedToolWhileThinking: "refused",
    wantsPlainText: false,
  },
};

/** What a model nobody has heard of is taken for. */
export const newestFamily: FamilyName = "kimi-k3";

export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(familyRules, name);
}

/** The rules of a target's family; a profile of a foreign family follows the newest. */
export function rulesOf(target: ChatTarget): FamilyRules {
  const { family } = target.profile;
  return familyRules[isFamilyName(family) ? family : newestFamily];
}
