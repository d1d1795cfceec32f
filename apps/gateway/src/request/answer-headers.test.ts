import type { Adjustment, AttemptRecord } from "@perilune/core";
import { ProviderError } from "@perilune/core";
import { describe, expect, it } from "vitest";
import { failureHeaders, headerText } from "./answer-headers.ts";

const attempt: AttemptRecord = {
  number: 1,
  credentialOwner: "operator",
  deploymentId: "mönd",
  providerId: "moonshot",
  modelId: "kimi-k3",
  startedAtMs: 0,
  durationMs: 12.4,
  outcome: "errored",
  error: new ProviderError({ code: "overloaded", message: "Busy.", origin: "upstream" }),
  adjustments: [],
};

const adjustment: Adjustment = {
  parameter: "temperature",
  action: "removed",
  reason: "This model has a fixed temperature.",
  effect: "meaning",
};

describe("the headers of a failed call", () => {
  it("name every attempt with its outcome, in ASCII", () => {
    expect(failureHeaders([attempt], [])).toEqual({
      "x-perilune-attempts":
        "1;deployment=m\\u00f6nd;provider=moonshot;model=kimi-k3;outcome=overloaded;ms=12",
      "x-portkey-provider": "moonshot",
      "x-portkey-retry-attempt-count": "0",
      "x-portkey-last-used-option-index": "config",
      "x-litellm-model-id": "m\\u00f6nd",
    });
  });

  it("name nobody when nobody was asked", () => {
    expect(failureHeaders([], [])).toEqual({});
  });

  it("hold whole adjustments up to 2 KiB, and how many there are in all", () => {
    const headers = failureHeaders(
      [],
      Array.from({ length: 100 }, () => adjustment),
    );
    const shown = headers["x-perilune-adjustments"] ?? "";
    expect(shown.length).toBeLessThanOrEqual(2_048);
    expect(JSON.parse(shown)).toContainEqual(adjustment);
    expect(headers["x-perilune-adjustments-total"]).toBe("100");
  });
});

it("a header's text has no character that could end it", () => {
  expect(headerText("a\r\nb\u0000ü🌙")).toBe("a\\u000d\\u000ab\\u0000\\u00fc\\ud83c\\udf19");
});
