import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageWindow } from "./usage-window.ts";

describe("a usage window", () => {
  it("grants exactly the limit to a thousand that come at once", () => {
    const window = new UsageWindow({ requestsPerMinute: 50 });
    const granted = Array.from({ length: 1_000 }, () => window.reserve(0, 10)).filter(Boolean);
    expect(granted).toHaveLength(50);
  });

  it("never holds more than its limits in any minute, whatever is reserved, settled and given back", () => {
    const limits = { requestsPerMinute: 20, tokensPerMinute: 5_000 };
    const step = fc.record({
      afterMs: fc.nat({ max: 9_000 }),
      tokens: fc.nat({ max: 1_500 }),
      usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      end: fc.constantFrom("settle", "release", "never"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const window = new UsageWindow(limits);
        const held: { atMs: number; tokens: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, tokens, usedShare, end } of steps) {
          nowMs += afterMs;
          const reservation = window.reserve(nowMs, tokens);
          const used = Math.floor(tokens * usedShare);
          if (reservation === undefined) continue;
          if (end === "settle") reservation.settle(nowMs, used);
          if (end === "release") reservation.release(nowMs);
          if (end !== "release") held.push({ atMs: nowMs, tokens: end === "settle" ? used : tokens });
          const lastMinute = held.filter(({ atMs }) => atMs > nowMs - 60_000);
          expect(lastMinute.length).toBeLessThanOrEqual(limits.requestsPerMinute);
          const sum = lastMinute.reduce((total, entry) => total + entry.tokens, 0);
          expect(sum).toBeLessThanOrEqual(limits.tokensPerMinute);
        }
      }),
    );
  });

  it("allows no burst across the edge of a minute", () => {
    const window = new UsageWindow({ requestsPerMinute: 10 });
    for (let request = 0; request < 10; request++) window.reserve(59_900, 1);
    expect(window.reserve(60_100, 1)).toBeUndefined();
    expect(window.reserve(119_899, 1)).toBeUndefined();
    expect(window.reserve(120_000, 1)).toBeDefined();
  });

  it("settles a thousand answers across the edge without losing or doubling a token", () => {
    const window = new UsageWindow({ tokensPerMinute: 1_000_000 });
    const reservations = Array.from({ length: 1_000 }, (_, index) => window.reserve(59_000 + index * 2, 500));
    reservations.forEach((reservation, index) => reservation!.settle(61_500 + index, 300));
    expect(window.headroom(62_500, 0)).toBe(1 - 300_000 / 1_000_000);
  });

  it("gives back what was reserved and not used", () => {
    const window = new UsageWindow({ tokensPerMinute: 1_000 });
    const first = window.reserve(0, 900);
    expect(window.reserve(0, 200)).toBeUndefined();
    first!.settle(5, 100);
    expect(window.reserve(5, 900)).toBeDefined();
  });

  it("gives back the whole room of what was never sent", () => {
    const window = new UsageWindow({ requestsPerMinute: 1, tokensPerMinute: 100 });
    window.reserve(0, 100)!.release(0);
    expect(window.headroom(0, 100)).toBe(0);
    expect(window.reserve(0, 100)).toBeDefined();
  });

  it("counts what was used beyond the reservation", () => {
    const window = new UsageWindow({ tokensPerMinute: 1_000 });
    window.reserve(0, 100)!.settle(0, 950);
    expect(window.reserve(0, 100)).toBeUndefined();
  });

  it("names the smaller share of its limits as its headroom", () => {
    const window = new UsageWindow({ requestsPerMinute: 10, tokensPerMinute: 1_000 });
    expect(window.headroom(0, 250)).toBe(0.75);
    expect(window.headroom(0, 1_500)).toBe(-0.5);
    expect(new UsageWindow({}).headroom(0, 1e9)).toBe(1);
  });

  it("says when there will be room", () => {
    const window = new UsageWindow({ requestsPerMinute: 1, tokensPerMinute: 1_000 });
    window.reserve(500, 10);
    const waitMs = window.waitMs(500, 10);
    expect(window.reserve(500 + waitMs - 1, 10)).toBeUndefined();
    expect(window.reserve(500 + waitMs, 10)).toBeDefined();
    expect(window.waitMs(500, 1_001)).toBe(Infinity);
  });

  it("is full when a limit is 0", () => {
    expect(new UsageWindow({ requestsPerMinute: 0 }).reserve(0, 1)).toBeUndefined();
  });

  it("refuses to settle twice", () => {
    const reservation = new UsageWindow({}).reserve(0, 1)!;
    reservation.release(0);
    expect(() => reservation.settle(0, 1)).toThrow("settled twice");
  });
});
