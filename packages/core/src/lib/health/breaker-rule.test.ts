import { describe, expect, it } from "vitest";
import { errorTable } from "../contract/error-table.ts";
import { errorCodes } from "../contract/provider-error.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import { defaultBreakerRule, opens, verdictOn } from "./breaker-rule.ts";

const errored = (code: ErrorCode, upstreamStatus?: number) => ({
  outcome: "errored" as const,
  error: { code, ...(upstreamStatus !== undefined && { upstreamStatus }) },
});

describe("what an attempt says about its target", () => {
  it("is good when the answer was completed", () => {
    expect(verdictOn({ outcome: "complete" }, defaultBreakerRule)).toBe("success");
  });

  it("is nothing when the caller left, even from a broken stream", () => {
    const left = { outcome: "cancelled", error: { code: "stream_interrupted" } } as const;
    expect(verdictOn(left, defaultBreakerRule)).toBe("neutral");
  });

  it.each(errorCodes.map((code) => [code, errorTable[code].hurtsHealth] as const))(
    "after %s follows the error table: %s",
    (code, hurtsHealth) => {
      const expected = {
        no: "neutral",
        soft: "rate_limited",
        yes: "failure",
        credential_out: code === "permission_denied" ? "target_refused" : "credential_refused",
      }[hurtsHealth];
      expect(verdictOn(errored(code), defaultBreakerRule)).toBe(expected);
    },
  );

  it.each<[string, ErrorCode, number | undefined, string]>([
    ["a listed status is a failure", "model_not_found", 404, "failure"],
    ["a 5xx that is not listed is none", "upstream_error", 500, "neutral"],
    ["a 429 that is not listed still asks for a pause", "rate_limited", 429, "rate_limited"],
    ["a listed 429 is a failure", "rate_limited", 529, "failure"],
    ["a refused connection has no status and goes by the table", "connection_failed", undefined, "failure"],
    ["a refused key stays a matter of the key", "authentication", 404, "credential_refused"],
  ])("with a list of statuses: %s", (_, code, status, verdict) => {
    const rule = { ...defaultBreakerRule, failureStatuses: [404, 529] };
    expect(verdictOn(errored(code, status), rule)).toBe(verdict);
  });

  it("counts a code with a threshold of its own as a failure", () => {
    const rule = { ...defaultBreakerRule, failureThresholdByCode: { content_filtered: 3 } };
    expect(verdictOn(errored("content_filtered", 400), rule)).toBe("failure");
  });
});

describe("a target is left alone", () => {
  const rule = { failureThreshold: 3, failureRate: 0.5, minimumRequests: 10, cooldownMs: 1_000 };
  it.each([
    [{ consecutiveFailures: 2, failures: 2, requests: 2 }, false],
    [{ consecutiveFailures: 3, failures: 3, requests: 3 }, true],
    [{ consecutiveFailures: 1, failures: 5, requests: 9 }, false],
    [{ consecutiveFailures: 1, failures: 5, requests: 10 }, true],
    [{ consecutiveFailures: 1, failures: 5, requests: 11 }, false],
  ])("with %j: %s", (counts, expected) => {
    expect(opens(counts, rule)).toBe(expected);
  });

  it("never, by a rule that names no threshold", () => {
    const counts = { consecutiveFailures: 999, failures: 999, requests: 999 };
    expect(opens(counts, { minimumRequests: 1, cooldownMs: 1 })).toBe(false);
  });
});
