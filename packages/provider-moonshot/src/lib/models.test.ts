import type { ModelProfile, TokenPrices } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { familyRules } from "./family-rules.ts";
import { models } from "./models.ts";
import { profileOf } from "./profile-of.ts";

/** Cached, input and output per million tokens, as price pages print them. */
function printed(prices: TokenPrices | undefined): string | undefined {
  if (prices === undefined) return undefined;
  const { cachedInputNanoPerToken: cached, inputNanoPerToken, outputNanoPerToken } = prices;
  const all = [...(cached === undefined ? [] : [cached]), inputNanoPerToken, outputNanoPerToken];
  return all.map((nano) => nano / 1000).join(" / ");
}

type Row = readonly [
  id: string,
  context: number,
  input: string,
  usd: string | undefined,
  cny: string | undefined,
];

const live: readonly Row[] = [
  ["kimi-k3.1-pro", 1_048_576, "text, image, video", "0.2 / 2 / 10", "1.3 / 13 / 68"],
  ["kimi-k3.1-pro-highspeed", 1_048_576, "text, image, video", "0.2 / 4 / 20", "1.3 / 26 / 136"],
  ["kimi-k3", 1_048_576, "text, image, video", "0.3 / 3 / 15", "2 / 20 / 100"],
  ["kimi-k2.7-code", 262_144, "text, image, video", "0.19 / 0.95 / 4", "1.3 / 6.5 / 27"],
  ["kimi-k2.7-code-highspeed", 262_144, "text, image, video", "0.38 / 1.9 / 8", "2.6 / 13 / 54"],
  ["kimi-k2.6", 262_144, "text, image, video", "0.16 / 0.95 / 4", "1.1 / 6.5 / 27"],
];

const retired: readonly Row[] = [
  ["kimi-k2.5", 262_144, "text, image, video", "0.1 / 0.6 / 3", "0.7 / 4 / 21"],
  ["kimi-k2-thinking", 262_144, "text", "0.15 / 0.6 / 2.5", undefined],
  ["kimi-k2-thinking-turbo", 262_144, "text", "0.15 / 1.15 / 8", undefined],
  ["kimi-k2-turbo-preview", 262_144, "text", "0.15 / 1.15 / 8", undefined],
  ["kimi-k2-0905-preview", 262_144, "text", "0.15 / 0.6 / 2.5", undefined],
  ["kimi-k2-0711-preview", 131_072, "text", "0.15 / 0.6 / 2.5", "4 / 16"],
  ["kimi-latest", 131_072, "text, image", "0.15 / 2 / 5", undefined],
  ["kimi-latest-8k", 8_192, "text, image", "0.15 / 0.2 / 2", undefined],
  ["kimi-latest-32k", 32_768, "text, image", "0.15 / 1 / 3", undefined],
  ["kimi-latest-128k", 131_072, "text, image", "0.15 / 2 / 5", undefined],
  ["kimi-thinking-preview", 131_072, "text, image", "30 / 30", undefined],
  ["moonshot-v1-auto", 131_072, "text", "2 / 5", "10 / 30"],
  ...(
    [
      ["8k", 8_192, "0.2 / 2", "2 / 10"],
      ["32k", 32_768, "1 / 3", "5 / 20"],
      ["128k", 131_072, "2 / 5", "10 / 30"],
    ] as const
  ).flatMap(([size, context, usd, cny]): Row[] => [
    [`moonshot-v1-${size}`, context, "text", usd, cny],
    [`moonshot-v1-${size}-0430`, context, "text", usd, cny],
    [`moonshot-v1-${size}-vision-preview`, context, "text, image", usd, cny],
  ]),
];

const named: Row = ["moonshot-v1-16k", 16_384, "text", undefined, undefined];

const rowOf = ({ id, contextWindowTokens, inputModalities, prices }: ModelProfile) => [
  id,
  contextWindowTokens,
  inputModalities.join(", "),
  printed(prices.usd),
  printed(prices.cny),
];

describe("known models", () => {
  it.each([...live, ...retired, named])("%s", (...row) => {
    expect(rowOf(profileOf(row[0]))).toEqual(row);
  });

  it("are all of them, each once", () => {
    expect(models.map(({ id }) => id).toSorted()).toEqual(
      [...live, ...retired, named].map(([id]) => id).toSorted(),
    );
  });

  it("are live or retired as of 2026-11-22", () => {
    const liveIds = models.filter(({ lifecycle }) => lifecycle.state === "live").map(({ id }) => id);
    expect(liveIds).toEqual(live.map(([id]) => id));
  });

  it("are replaced, when retired, by a model that is live", () => {
    const replacements = models.flatMap(({ lifecycle }) =>
      lifecycle.state === "retired" ? [profileOf(lifecycle.replacedBy)] : [],
    );
    expect(replacements).toHaveLength(retired.length + 1);
    expect(replacements.filter(({ lifecycle }) => lifecycle.state !== "live")).toEqual([]);
  });

  it("are known from Moonshot itself, but for one that Portkey's examples name", () => {
    const inferred = models.filter(({ provenance }) => provenance.evidence === "inferred");
    expect(inferred).toMatchObject([
      {
        id: "moonshot-v1-16k",
        lifecycle: { state: "retired", on: "2026-08-31" },
        provenance: { source: expect.stringContaining("portkey.ai") },
      },
    ]);
  });

  it.each([
    ["kimi-k3.1-pro", { fiveMinutes: 2000, oneHour: 4000 }],
    ["kimi-k3.1-pro-highspeed", { fiveMinutes: 4000, oneHour: 8000 }],
    ["kimi-k3", { fiveMinutes: 3000, oneHour: 6000 }],
    ["kimi-k2.6", undefined],
  ])("bill cache writes: %s", (id, prices) => {
    expect(profileOf(id).prices.usd?.cacheWriteNanoPerToken).toEqual(prices);
  });

  it("have prices in whole billionths", () => {
    const amounts = models.flatMap(({ prices }) =>
      [prices.usd, prices.cny].flatMap((each) => [
        each?.inputNanoPerToken ?? 0,
        each?.outputNanoPerToken ?? 0,
      ]),
    );
    expect(amounts.filter((amount) => !Number.isInteger(amount))).toEqual([]);
  });

  it("mark the prices nobody has printed", () => {
    const inferred = models.filter(({ priceProvenance }) => priceProvenance?.cny?.evidence === "inferred");
    expect(inferred.map(({ id }) => id)).toEqual([
      "kimi-k3.1-pro",
      "kimi-k3.1-pro-highspeed",
      "kimi-k2.7-code-highspeed",
    ]);
  });
});

describe("unknown models", () => {
  it.each([
    ["kimi-k9", "kimi-k3", 1_048_576],
    ["kimi-k3.2-pro", "kimi-k3", 1_048_576],
    ["kimi-k3-mini", "kimi-k3", 1_048_576],
    ["kimi-k2.8", "kimi-k3", 1_048_576],
    ["something-else", "kimi-k3", 1_048_576],
    ["kimi-k2.7-code-mini", "kimi-k2.7-code", 262_144],
    ["kimi-k2.6-preview", "kimi-k2.6", 262_144],
    ["kimi-k2-1111-preview", "kimi-k2", 262_144],
    ["kimi-k2-thinking-2", "kimi-k2-thinking", 262_144],
    ["moonshot-v1-64k", "moonshot-v1", 65_536],
  ])("%s is taken for one of %s", (id, family, contextWindowTokens) => {
    expect(profileOf(id)).toMatchObject({
      id,
      family,
      contextWindowTokens,
      lifecycle: { state: "live" },
      provenance: { evidence: "inferred" },
    });
  });

  it("have no price rather than a guessed one", () => {
    expect(profileOf("kimi-k9").prices).toEqual({});
  });

  it("can be inferred for every family", () => {
    const families = Object.keys(familyRules).map((family) => profileOf(`${family}-next`).family);
    expect(families).toEqual(Object.keys(familyRules));
  });
});
