import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdaptiveLimit } from "./adaptive-limit.ts";

describe("a limit learned from 429s", () => {
  it("starts at what is configured or documented, and at no limit otherwise", () => {
    expect(new AdaptiveLimit({ initial: 15 }).allowed).toBe(15);
    expect(new AdaptiveLimit({}).allowed).toBe(Infinity);
    expect(new AdaptiveLimit({ initial: 50, ceiling: 20 }).allowed).toBe(20);
    expect(new AdaptiveLimit({ initial: 0 }).allowed).toBe(1);
  });

  it("learns a limit from the first 429 out of what was under way", () => {
    const limit = new AdaptiveLimit({});
    limit.rateLimited(10, 5, 100);
    expect(limit.allowed).toBe(70);
  });

  it("falls by a third once for all that were under way together", () => {
    const limit = new AdaptiveLimit({ initial: 100 });
    for (let refused = 0; refused < 40; refused++) limit.rateLimited(1_000 + refused, 900, 100);
    expect(limit.allowed).toBe(70);
    limit.rateLimited(2_000, 1_500, 70);
    expect(limit.allowed).toBe(49);
  });

  it("never falls below one", () => {
    const limit = new AdaptiveLimit({ initial: 2 });
    for (let nowMs = 1; nowMs < 50; nowMs++) limit.rateLimited(nowMs, nowMs - 0.5, 1);
    expect(limit.allowed).toBe(1);
  });

  it("grows by one for a limit's worth of successes at the limit", () => {
    const limit = new AdaptiveLimit({ initial: 10 });
    for (let success = 0; success < 11; success++) limit.succeeded(1, true);
    expect(limit.allowed).toBe(11);
  });

  it("does not grow below the limit, above its ceiling, or by what was sent before a cut", () => {
    const limit = new AdaptiveLimit({ initial: 10, ceiling: 10 });
    for (let success = 0; success < 100; success++) limit.succeeded(1, true);
    expect(limit.allowed).toBe(10);
    limit.rateLimited(100, 50, 10);
    for (let success = 0; success < 100; success++) limit.succeeded(99, true);
    for (let success = 0; success < 100; success++) limit.succeeded(101, false);
    expect(limit.allowed).toBe(7);
  });

  it("settles just below what a provider bears", () => {
    const bears = 40;
    const limit = new AdaptiveLimit({ initial: 400 });
    const seen: number[] = [];
    for (let round = 1; round <= 300; round++) {
      const { allowed } = limit;
      for (let attempt = 0; attempt < allowed; attempt++) {
        if (attempt < bears) limit.succeeded(round, true);
        else limit.rateLimited(round + 0.5, round, allowed);
      }
      seen.push(allowed);
    }
    const learned = seen.slice(50);
    expect(Math.max(...learned)).toBeLessThanOrEqual(bears + 2);
    expect(Math.min(...learned)).toBeGreaterThanOrEqual(bears * 0.65);
  });

  it("stays a number between one and its ceiling", () => {
    const events = fc.array(
      fc.record({ isSuccess: fc.boolean(), inFlight: fc.integer({ min: 1, max: 500 }) }),
      { maxLength: 200, size: "max" },
    );
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 100 }), (all, ceiling) => {
        const limit = new AdaptiveLimit({ ceiling });
        all.forEach(({ isSuccess, inFlight }, index) => {
          if (isSuccess) limit.succeeded(index + 1, true);
          else limit.rateLimited(index + 1, index + 1, inFlight);
          expect(limit.allowed).toBeGreaterThanOrEqual(1);
          expect(limit.allowed).toBeLessThanOrEqual(ceiling);
        });
      }),
    );
  });
});
