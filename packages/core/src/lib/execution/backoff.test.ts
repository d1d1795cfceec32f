import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

describe("the wait before another attempt", () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [5, 8_000],
    [40, 8_000],
  ])("before retry %i is anything from nothing to %i ms", (retryNumber, longestMs) => {
    expect(backoffMs({ retryNumber, draw: 0 })).toBe(0);
    expect(backoffMs({ retryNumber, draw: 0.5 })).toBe(longestMs / 2);
    expect(backoffMs({ retryNumber, draw: 1 - 2 ** -32 })).toBeCloseTo(longestMs, 3);
  });

  it("is never shorter than the provider asks, and at most half a second longer", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryNumber, retryAfterMs, draw) => {
          const waitMs = backoffMs({ retryNumber, retryAfterMs, draw });
          expect(waitMs).toBeGreaterThanOrEqual(retryAfterMs);
          expect(waitMs).toBeLessThanOrEqual(retryAfterMs + 500);
        },
      ),
    );
  });

  it.each([Number.NaN, -1])("takes a wait of %s for no wait", (retryAfterMs) => {
    expect(backoffMs({ retryNumber: 1, retryAfterMs, draw: 0.5 })).toBe(250);
  });
});
