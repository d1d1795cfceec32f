import { usageSchema } from "@perilune/core/provider";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapUsage } from "./map-usage.ts";
import { mergeChoiceUsage } from "./merge-choice-usage.ts";

const sums = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

describe("usage in canonical places", () => {
  it.each([
    ["flat cached tokens", { cached_tokens: 8 }, { prompt_tokens_details: { cached_tokens: 8 } }],
    ["flat cache writes", { cache_write_tokens: 2 }, { prompt_tokens_details: { cache_write_tokens: 2 } }],
    ["flat reasoning", { reasoning_tokens: 3 }, { completion_tokens_details: { reasoning_tokens: 3 } }],
    [
      "flat beside nested",
      { cached_tokens: 8, prompt_tokens_details: { cache_write_tokens: 2 } },
      { prompt_tokens_details: { cache_write_tokens: 2, cached_tokens: 8 } },
    ],
    [
      "null details",
      { cached_tokens: 8, prompt_tokens_details: null },
      { prompt_tokens_details: { cached_tokens: 8 } },
    ],
    [
      "a nested count that is none",
      { prompt_tokens_details: { cached_tokens: null, other: 1 } },
      { prompt_tokens_details: { other: 1 } },
    ],
  ])("%s", (_name, reported, placed) => {
    expect(mapUsage({ ...sums, ...reported })).toEqual({ ...sums, ...reported, ...placed });
  });

  it.each([
    ["bare sums", sums],
    ["null details", { ...sums, prompt_tokens_details: null }],
    [
      "nested counts",
      { ...sums, cached_tokens: 8, prompt_tokens_details: { cached_tokens: 8, unknown: "x" } },
    ],
  ])("gives back the same object for %s", (_name, reported) => {
    expect(mapUsage(reported)).toBe(reported);
  });

  it.each([
    ["total", { prompt_tokens: 10, completion_tokens: 5 }],
    ["completion", { prompt_tokens: 10, total_tokens: 15 }],
    ["prompt", { completion_tokens: 5, total_tokens: 15 }],
  ])("works out a missing %s", (_name, reported) => {
    expect(mapUsage(reported)).toEqual(sums);
  });

  it.each([[undefined], [null], ["15"], [[]], [{}], [{ total_tokens: 15 }], [{ prompt_tokens: "10" }]])(
    "makes nothing of %j",
    (reported) => {
      expect(mapUsage(reported)).toBeUndefined();
    },
  );

  it("is readable, and complete the first time, whatever a provider reports", () => {
    const count = fc.oneof(fc.nat(), fc.constant(null), fc.string());
    const details = fc.oneof(
      fc.dictionary(fc.constantFrom("cached_tokens", "reasoning_tokens"), count),
      count,
    );
    const reported = fc.dictionary(
      fc.constantFrom(
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "cached_tokens",
        "reasoning_tokens",
      ),
      count,
    );
    fc.assert(
      fc.property(reported, details, details, (flat, prompt, completion) => {
        const usage = mapUsage({
          ...sums,
          ...flat,
          prompt_tokens_details: prompt,
          completion_tokens_details: completion,
        });
        fc.pre(usage !== undefined);
        expect(usageSchema.safeParse(usage).success).toBe(true);
        expect(mapUsage(usage)).toBe(usage);
      }),
    );
  });
});

describe("usage of several choices", () => {
  it("counts the prompt once and adds up what was written", () => {
    const first = {
      ...sums,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const second = {
      ...sums,
      completion_tokens: 7,
      total_tokens: 17,
      completion_tokens_details: { reasoning_tokens: 1 },
    };
    expect(mergeChoiceUsage([first, second])).toEqual({
      prompt_tokens: 10,
      completion_tokens: 12,
      total_tokens: 22,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  it("invents no reasoning nobody reported", () => {
    expect(mergeChoiceUsage([sums, sums])).toEqual({
      prompt_tokens: 10,
      completion_tokens: 10,
      total_tokens: 20,
    });
  });
});
