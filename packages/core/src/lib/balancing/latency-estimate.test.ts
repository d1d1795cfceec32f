import { describe, expect, it } from "vitest";
import { LatencyEstimate } from "./latency-estimate.ts";

describe("the expected wait for the first token", () => {
  it("is unknown before the first measurement", () => {
    expect(new LatencyEstimate().msPerToken(0)).toBeUndefined();
  });

  it("is a wait per uncached prompt token, with a thousand added for what every request costs", () => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 1_200, uncachedPromptTokens: 3_000 });
    expect(estimate.msPerToken(0)).toBe(0.3);
  });

  it("rates a long prompt that took long like a short one that did not", () => {
    const [long, short] = [new LatencyEstimate(), new LatencyEstimate()];
    long.observe(0, { firstTokenMs: 20_200, uncachedPromptTokens: 100_000 });
    short.observe(0, { firstTokenMs: 210, uncachedPromptTokens: 50 });
    expect(long.msPerToken(0)).toBeCloseTo(short.msPerToken(0)!, 5);
  });

  it("jumps to a worse measurement at once", () => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 200, uncachedPromptTokens: 1_000 });
    estimate.observe(1, { firstTokenMs: 4_000, uncachedPromptTokens: 1_000 });
    expect(estimate.msPerToken(1)).toBe(2);
  });

  it("believes better measurements only bit by bit", () => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 4_000, uncachedPromptTokens: 1_000 });
    const seen: number[] = [];
    for (let nowMs = 1_000; nowMs <= 60_000; nowMs += 1_000) {
      estimate.observe(nowMs, { firstTokenMs: 200, uncachedPromptTokens: 1_000 });
      seen.push(estimate.msPerToken(nowMs)!);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect(seen[0]).toBeGreaterThan(1.8);
    expect(seen.at(-1)).toBeCloseTo(0.1, 1);
  });

  it("fades without measurements until nothing is known, so that a slow target is tried again", () => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 4_000, uncachedPromptTokens: 1_000 });
    expect(estimate.msPerToken(10_000)).toBeCloseTo(2 / Math.E, 5);
    expect(estimate.msPerToken(47_000)).toBeUndefined();
  });

  it.each([Number.NaN, -5, Infinity])("ignores a measurement of %s", (firstTokenMs) => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 200, uncachedPromptTokens: 1_000 });
    estimate.observe(0, { firstTokenMs, uncachedPromptTokens: 1_000 });
    expect(estimate.msPerToken(0)).toBe(0.1);
  });

  it("is not thrown by a provider that reports more cached tokens than the prompt has", () => {
    const estimate = new LatencyEstimate();
    estimate.observe(0, { firstTokenMs: 200, uncachedPromptTokens: -1_000 });
    expect(estimate.msPerToken(0)).toBe(0.2);
  });
});
