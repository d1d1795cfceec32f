import { describe, expect, it } from "vitest";
import { nearestNames } from "./nearest-names.ts";

describe("the nearest name", () => {
  const keys = ["model", "timeout", "api_key", "num_retries", "rpm", "tpm", "temperature"];

  it.each([
    ["modle", "model"],
    ["timeuot", "timeout"],
    ["apiKey", "api_key"],
    ["API-KEY", "api_key"],
    ["num_retires", "num_retries"],
    ["tempreature", "temperature"],
    ["temp", "temperature"],
  ])("to %s is %s", (written, meant) => {
    expect(nearestNames(written, keys)[0]).toBe(meant);
  });

  it.each(["rpn", "zebra", "", "completely_different"])("to %j is none", (written) => {
    expect(nearestNames(written, keys)[0]).toBeUndefined();
  });

  it("comes first among several", () => {
    expect(nearestNames("kimi-k2.5", ["kimi-k3", "kimi-k2.6", "kimi-k2.5-x"], 2)).toEqual([
      "kimi-k2.5-x",
      "kimi-k2.6",
    ]);
  });

  it("to a name of megabytes is none, at no cost", () => {
    const startMs = performance.now();
    expect(nearestNames("model".repeat(1_000_000), keys)).toEqual([]);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
