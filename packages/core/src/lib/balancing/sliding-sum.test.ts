import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingSum } from "./sliding-sum.ts";

const windowMs = 1_000;
const buckets = 10;
const bucketMs = windowMs / buckets;

const entries = fc.array(fc.record({ afterMs: fc.nat({ max: 700 }), amount: fc.nat({ max: 50 }) }), {
  minLength: 1,
  maxLength: 60,
  size: "max",
});

describe("a sliding sum", () => {
  it("holds everything of the window, and nothing older than one bucket more", () => {
    fc.assert(
      fc.property(entries, (steps) => {
        const sum = new SlidingSum(windowMs, buckets);
        const log: { atMs: number; amount: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, amount } of steps) {
          nowMs += afterMs;
          sum.add(nowMs, amount);
          log.push({ atMs: nowMs, amount });
          const since = (ms: number) =>
            log.filter(({ atMs }) => atMs > nowMs - ms).reduce((total, entry) => total + entry.amount, 0);
          expect(sum.sum(nowMs)).toBeGreaterThanOrEqual(since(windowMs));
          expect(sum.sum(nowMs)).toBeLessThanOrEqual(since(windowMs + bucketMs + 1));
        }
      }),
    );
  });

  it("says exactly when the sum will have fallen, if nothing else comes", () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: 200 }), (steps, atMost) => {
        const sum = new SlidingSum(windowMs, buckets);
        let nowMs = 0;
        for (const { afterMs, amount } of steps) sum.add((nowMs += afterMs), amount);
        const waitMs = sum.waitMs(nowMs, atMost);
        expect(sum.sum(nowMs + waitMs)).toBeLessThanOrEqual(atMost);
      }),
    );
  });

  it("is one too many until just before the moment it names", () => {
    const sum = new SlidingSum(windowMs, buckets);
    sum.add(250, 3);
    expect(sum.waitMs(250, 2)).toBe(1_050);
    expect(sum.sum(1_299)).toBe(3);
    expect(sum.sum(1_300)).toBe(0);
  });

  it("never falls below zero", () => {
    const sum = new SlidingSum(windowMs, buckets);
    sum.add(0, 3);
    expect(sum.waitMs(0, -1)).toBe(Infinity);
  });

  it("corrects an entry in its own bucket, so that it leaves the window as a whole", () => {
    const sum = new SlidingSum(windowMs, buckets);
    const bucket = sum.add(0, 100);
    sum.correct(900, bucket, -60);
    expect(sum.sum(900)).toBe(40);
    expect(sum.sum(1_100)).toBe(0);
  });

  it("leaves an entry alone that has left the window", () => {
    const sum = new SlidingSum(windowMs, buckets);
    const bucket = sum.add(0, 100);
    sum.add(2_000, 1);
    sum.correct(2_000, bucket, -60);
    expect(sum.sum(2_000)).toBe(1);
  });

  it("keeps its entries when the clock goes back", () => {
    const sum = new SlidingSum(windowMs, buckets);
    sum.add(5_000, 4);
    expect(sum.sum(1_000)).toBe(4);
    sum.add(1_000, 1);
    expect(sum.sum(5_999)).toBe(5);
  });
});
