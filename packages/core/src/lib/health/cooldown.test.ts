import { describe, expect, it } from "vitest";
import { cooldownMs, sensibleWaitMs } from "./cooldown.ts";

const facts = { baseMs: 10_000, openings: 1, longestMs: 60_000, draw: 0 };

describe("a cooldown", () => {
  it("doubles with every failed probe up to its longest", () => {
    const lengths = [1, 2, 3, 4, 50].map((openings) => cooldownMs({ ...facts, openings }));
    expect(lengths).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("is as long as the provider asks when that is longer", () => {
    expect(cooldownMs({ ...facts, retryAfterMs: 45_000 })).toBe(45_000);
    expect(cooldownMs({ ...facts, retryAfterMs: 4_000 })).toBe(10_000);
  });

  it("is never shorter than configured, however short the longest is", () => {
    expect(cooldownMs({ ...facts, longestMs: 1_000 })).toBe(10_000);
  });

  it("is scattered upwards by a tenth", () => {
    expect(cooldownMs({ ...facts, draw: 0.5 })).toBe(10_500);
  });
});

it.each([
  [undefined, 0],
  [-5, 0],
  [Number.NaN, 0],
  [1_500, 1_500],
  [1e12, 3_600_000],
])("a provider's wait of %s ms is acted on as %i", (asked, sensible) => {
  expect(sensibleWaitMs(asked)).toBe(sensible);
});
