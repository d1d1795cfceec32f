import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorTable } from "../contract/error-table.ts";
import { errorCodes } from "../contract/provider-error.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import { decideNext } from "./decide-next.ts";
import type { FailureFacts } from "./decide-next.ts";

const noRetries = { retries: 0, honourRetryAfter: true };
const twoRetries = { retries: 2, honourRetryAfter: true };

const failed = (code: ErrorCode, more: Partial<FailureFacts> = {}): FailureFacts => ({
  error: { code, failure: "answered" },
  attemptsMade: 1,
  retriesMade: 0,
  retry: twoRetries,
  next: "nobody",
  mayRepeatUncertain: false,
  budget: { maxAttempts: 5, deadlineMs: 60_000 },
  hasRetryRoom: true,
  nowMs: 0,
  draw: 0.5,
  ...more,
});

const retrySame = (afterMs: number) => ({ kind: "retry_same", afterMs, possibleDoubleCharge: false });
const nextTarget = (needs = "anything") => ({ kind: "next_target", needs, possibleDoubleCharge: false });
const stop = (reason: string) => ({ kind: "stop", reason });

describe("after a failure without another target", () => {
  it.each(errorCodes.map((code) => [code, errorTable[code].retrySameTarget] as const))(
    "%s is retried on the same target as the table says: %s",
    (code, retrySameTarget) => {
      const expected = retrySameTarget === "no" ? "stop" : "retry_same";
      expect(decideNext(failed(code)).kind).toBe(expected);
    },
  );

  it("waits longer before each retry", () => {
    const waits = [0, 1].map((retriesMade) => decideNext(failed("overloaded", { retriesMade })));
    expect(waits).toEqual([retrySame(250), retrySame(500)]);
  });

  it("stops when the route's retries are used up", () => {
    expect(decideNext(failed("overloaded", { retriesMade: 2 }))).toEqual(stop("no target is left"));
  });

  it("waits as long as the provider asks", () => {
    const error = { code: "rate_limited", failure: "answered", retryAfterMs: 7_000 } as const;
    expect(decideNext(failed("rate_limited", { error }))).toEqual(retrySame(7_250));
  });

  it("waits for a second after a 429 that names no wait", () => {
    expect(decideNext(failed("rate_limited"))).toEqual(retrySame(1_250));
  });

  it("does not come back earlier than asked when the deadline leaves no time for it", () => {
    const error = { code: "rate_limited", failure: "answered", retryAfterMs: 60_000 } as const;
    expect(decideNext(failed("rate_limited", { error }))).toEqual(stop("the deadline leaves no time"));
  });

  it("does not retry at the very moment of the deadline", () => {
    const kinds = [250, 251].map((deadlineMs) => {
      const budget = { maxAttempts: 5, deadlineMs };
      return decideNext(failed("overloaded", { budget })).kind;
    });
    expect(kinds).toEqual(["stop", "retry_same"]);
  });

  it("does not wait as asked where the route says so, but never less than the route's own minimum", () => {
    const error = { code: "rate_limited", failure: "answered", retryAfterMs: 7_000 } as const;
    const retry = { retries: 1, honourRetryAfter: false };
    expect(decideNext(failed("rate_limited", { error, retry }))).toEqual(retrySame(250));
    expect(decideNext(failed("rate_limited", { error, retry: { ...retry, minimumWaitMs: 900 } }))).toEqual(
      retrySame(900),
    );
  });

  it.each([
    ["a listed status", 409, "retry_same"],
    ["another status, though the table would", 503, "stop"],
    ["no status at all, by the table", undefined, "retry_same"],
  ])("with a list of statuses decides about %s", (_, upstreamStatus, kind) => {
    const error = {
      code: upstreamStatus === 409 ? "invalid_request" : "connection_failed",
      failure: "not_sent",
      ...(upstreamStatus !== undefined && { upstreamStatus }),
    } as const;
    const retry = { ...twoRetries, onStatuses: [409, 429] };
    expect(decideNext(failed(error.code, { error, retry })).kind).toBe(kind);
  });

  it("counts retries by code where the route does", () => {
    const retry = { ...twoRetries, byCode: { overloaded: 0, attempt_timeout: 1 } };
    expect(decideNext(failed("overloaded", { retry })).kind).toBe("stop");
    expect(decideNext(failed("attempt_timeout", { retry })).kind).toBe("retry_same");
    expect(decideNext(failed("attempt_timeout", { retry, retriesMade: 1 })).kind).toBe("stop");
  });

  it.each(["authentication", "permission_denied", "quota_exhausted"] as const)(
    "never retries %s with the same credential, whatever the route says",
    (code) => {
      const error = { code, failure: "answered", upstreamStatus: 429 } as const;
      const retry = { ...twoRetries, onStatuses: [429], byCode: { [code]: 9 } };
      expect(decideNext(failed(code, { error, retry }))).toEqual(stop("no target is left"));
    },
  );
});

describe("after a failure with another target", () => {
  it.each<[ErrorCode, string]>([
    ["unsupported", "capability"],
    ["context_length_exceeded", "larger_window"],
    ["model_not_found", "anything"],
    ["quota_exhausted", "anything"],
  ])("%s needs a target with %s", (code, needs) => {
    expect(decideNext(failed(code, { next: "fallback" }))).toEqual(nextTarget(needs));
  });

  it("goes to an equal at once instead of waiting for the one that failed", () => {
    expect(decideNext(failed("overloaded", { next: "peer" }))).toEqual(nextTarget());
  });

  it("makes the route's retries before it falls back", () => {
    expect(decideNext(failed("overloaded", { next: "fallback" }))).toEqual(retrySame(250));
    expect(decideNext(failed("overloaded", { next: "fallback", retriesMade: 2 }))).toEqual(nextTarget());
    expect(decideNext(failed("overloaded", { next: "fallback", retry: noRetries }))).toEqual(nextTarget());
  });

  it("does not wait for half a minute while a fallback stands ready", () => {
    const error = { code: "rate_limited", failure: "answered", retryAfterMs: 30_000 } as const;
    expect(decideNext(failed("rate_limited", { error, next: "fallback" }))).toEqual(nextTarget());
  });

  it("falls back when the deadline leaves no time for the provider's wait", () => {
    const error = { code: "rate_limited", failure: "answered", retryAfterMs: 3_000 } as const;
    const budget = { maxAttempts: 5, deadlineMs: 2_000 };
    expect(decideNext(failed("rate_limited", { error, budget, next: "fallback" }))).toEqual(nextTarget());
  });
});

describe("no attempt at all", () => {
  it.each<[string, Partial<FailureFacts>]>([
    ["part of the answer was delivered", { error: { code: "stream_interrupted", failure: "committed" } }],
    ["the error is final", { error: { code: "cancelled", failure: "sent_unknown" } }],
    ["the error is final", { error: { code: "deadline_exceeded", failure: "not_sent" } }],
    ["the error is final", { error: { code: "internal", failure: "not_sent" } }],
    [
      "the provider may have done the work already",
      { error: { code: "attempt_timeout", failure: "sent_unknown" } },
    ],
    ["the provider may have done the work already", { error: { code: "upstream_error" } }],
    ["no attempt is left", { attemptsMade: 5 }],
    ["the deadline leaves no time", { nowMs: 60_000 }],
    ["the retry budget of the route is spent", { hasRetryRoom: false }],
  ])("when %s", (reason, facts) => {
    expect(decideNext(failed("overloaded", { next: "peer", ...facts }))).toEqual(stop(reason));
  });
});

it("marks what the provider may have done already, where the route lets it be repeated", () => {
  const uncertain = {
    error: { code: "attempt_timeout", failure: "sent_unknown" },
    mayRepeatUncertain: true,
  } as const;
  expect(decideNext(failed("attempt_timeout", { ...uncertain, next: "peer" }))).toEqual({
    kind: "next_target",
    needs: "anything",
    possibleDoubleCharge: true,
  });
});

/** Whether the decision goes past a budget, a commit, a permission or a wait. */
function breaksALaw(given: FailureFacts): boolean {
  const step = decideNext(given);
  if (step.kind === "stop") return false;
  const waitMs = step.kind === "retry_same" ? step.afterMs : 0;
  return (
    given.error.failure === "committed" ||
    given.attemptsMade >= given.budget.maxAttempts ||
    !given.hasRetryRoom ||
    given.nowMs + waitMs >= given.budget.deadlineMs ||
    (step.kind === "retry_same" && waitMs < (given.error.retryAfterMs ?? 0)) ||
    (step.kind === "next_target" && given.next === "nobody") ||
    step.possibleDoubleCharge !== (given.error.failure === "sent_unknown") ||
    (step.possibleDoubleCharge && !given.mayRepeatUncertain)
  );
}

it("never goes past a budget, a commit or a wait, whatever the facts", () => {
  const facts = fc.record({
    error: fc.record({
      code: fc.constantFrom(...errorCodes),
      failure: fc.constantFrom("not_sent", "sent_unknown", "answered", "committed"),
      retryAfterMs: fc.nat({ max: 90_000 }),
      upstreamStatus: fc.constantFrom(400, 401, 429, 500, 503),
    }),
    attemptsMade: fc.integer({ min: 1, max: 7 }),
    retriesMade: fc.nat({ max: 4 }),
    retry: fc.record({
      retries: fc.nat({ max: 3 }),
      honourRetryAfter: fc.constant(true),
      onStatuses: fc.subarray([400, 401, 429, 500, 503]),
    }),
    next: fc.constantFrom("peer", "fallback", "nobody"),
    mayRepeatUncertain: fc.boolean(),
    budget: fc.record({ maxAttempts: fc.integer({ min: 1, max: 6 }), deadlineMs: fc.nat({ max: 90_000 }) }),
    hasRetryRoom: fc.boolean(),
    nowMs: fc.nat({ max: 90_000 }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }) satisfies fc.Arbitrary<FailureFacts>;
  fc.assert(
    fc.property(facts, (given) => !breaksALaw(given)),
    { numRuns: 2_000 },
  );
});
