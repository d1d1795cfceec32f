import { describe, expect, it } from "vitest";
import type { ModelProfile } from "../contract/model-profile.ts";
import { estimatePrice } from "./price-estimate.ts";

const profile = (prices: ModelProfile["prices"]): ModelProfile => ({
  id: "acme-1",
  family: "acme",
  lifecycle: { state: "live" },
  contextWindowTokens: 100_000,
  inputModalities: ["text"],
  supportsTools: true,
  supportsJsonSchema: true,
  supportsReasoning: false,
  supportsPrefill: false,
  prices,
  provenance: { evidence: "documented", date: "2026-11-01", source: "a test" },
});

const usd = { inputNanoPerToken: 600, outputNanoPerToken: 2_500, cachedInputNanoPerToken: 150 };
const { cachedInputNanoPerToken: _, ...withoutCache } = usd;

describe("the estimated price of a request", () => {
  it.each([
    ["prompt and answer", usd, { prompt: 1_000, cachedPrompt: 0, output: 100 }, 850_000],
    ["cached tokens at their own price", usd, { prompt: 1_000, cachedPrompt: 800, output: 100 }, 490_000],
    [
      "cached tokens at full price where there is no other",
      withoutCache,
      { prompt: 1_000, cachedPrompt: 800, output: 100 },
      850_000,
    ],
    ["no more cached tokens than the prompt has", usd, { prompt: 100, cachedPrompt: 800, output: 0 }, 15_000],
    ["whole billionths", usd, { prompt: 1_000, cachedPrompt: 333.3333, output: 0 }, 450_000],
  ])("counts %s", (_, prices, tokens, nano) => {
    expect(estimatePrice(profile({ usd: prices }), tokens, "usd")).toEqual({
      kind: "known",
      nano,
      currency: "usd",
    });
  });

  it("is unknown, not zero and not converted, in a currency the model has no price in", () => {
    expect(estimatePrice(profile({ cny: usd }), { prompt: 1, cachedPrompt: 0, output: 1 }, "usd")).toEqual({
      kind: "unknown",
      reason: "no price in USD is known for acme-1",
    });
  });
});
