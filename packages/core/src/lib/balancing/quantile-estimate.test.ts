import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuantileEstimate } from "./quantile-estimate.ts";

describe("a learned quantile", () => {
  it("is unknown until twenty samples were seen", () => {
    const estimate = new QuantileEstimate();
    for (let sample = 0; sample < 19; sample++) estimate.observe(0, 100);
    expect(estimate.quantile(0, 0.95)).toBeUndefined();
    estimate.observe(0, 100);
    expect(estimate.quantile(0, 0.95)).toBeGreaterThanOrEqual(100);
  });

  it("is never below the true one and at most a tenth above", () => {
    const samples = fc.array(fc.double({ min: 1, max: 600_000, noNaN: true }), {
      minLength: 20,
      maxLength: 200,
      size: "max",
    });
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const estimate = new QuantileEstimate();
        for (const sample of all) estimate.observe(0, sample);
        const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1]!;
        const learned = estimate.quantile(0, share)!;
        expect(learned).toBeGreaterThanOrEqual(exact * 0.999_999);
        expect(learned).toBeLessThanOrEqual(exact * 1.100_001);
      }),
    );
  });

  it("forgets a provider's slow hour within five minutes", () => {
    const estimate = new QuantileEstimate();
    for (let sample = 0; sample < 1_000; sample++) estimate.observe(0, 30_000);
    for (let nowMs = 1_000; nowMs < 301_000; nowMs += 1_000) estimate.observe(nowMs, 400);
    expect(estimate.quantile(301_000, 0.95)).toBeLessThan(441);
  });

  it("knows nothing after a long silence", () => {
    const estimate = new QuantileEstimate();
    for (let sample = 0; sample < 100; sample++) estimate.observe(0, 400);
    expect(estimate.quantile(301_000, 0.95)).toBeUndefined();
  });

  it("takes what is longer than its scale as its longest, and what is no time at all not at all", () => {
    const estimate = new QuantileEstimate();
    for (let sample = 0; sample < 20; sample++) estimate.observe(0, 1e12);
    expect(estimate.quantile(0, 0.5)).toBeGreaterThan(600_000);
    const nothing = new QuantileEstimate();
    for (let sample = 0; sample < 20; sample++) nothing.observe(0, Number.NaN);
    expect(nothing.quantile(0, 0.5)).toBeUndefined();
  });
});
