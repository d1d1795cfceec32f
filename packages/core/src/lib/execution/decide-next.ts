import { errorTable } from "../contract/error-table.ts";
import type { ErrorPolicy } from "../contract/error-table.ts";
import type { ErrorCode, ProviderErrorFacts } from "../contract/provider-error.ts";
import { unnamedWaitMs } from "../health/cooldown.ts";
import type { RetryPolicy } from "../routing/route-plan.ts";
import { backoffMs } from "./backoff.ts";
import type { RequestBudget } from "./request-budget.ts";

/** Everything the decision after a failed attempt depends on. */
export interface FailureFacts {
  readonly error: Pick<ProviderErrorFacts, "code" | "failure" | "retryAfterMs" | "upstreamStatus">;
  /** All attempts of this request, on any target. */
  readonly attemptsMade: number;
  /** Further attempts already made on the target that failed. */
  readonly retriesMade: number;
  readonly retry: RetryPolicy;
  /**
   * Who stands next, after this error, by the route's own triggers and among targets not yet tried: an equal of
   * the same group, a fallback, or nobody.
   */
  readonly next: "peer" | "fallback" | "nobody";
  /** The route lets what the provider may already have done, and charged for, be sent again. */
  readonly mayRepeatUncertain: boolean;
  readonly budget: RequestBudget;
  /** Whether the route's retry budget has room for one more attempt. */
  readonly hasRetryRoom: boolean;
  readonly nowMs: number;
  /** A number in [0, 1). */
  readonly draw: number;
}

/** What the next target has to be able to do beyond being next. */
type NextTargetNeeds = "anything" | "capability" | "larger_window";

type StopReason =
  | "part of the answer was delivered"
  | "the error is final"
  | "the provider may have done the work already"
  | "no attempt is left"
  | "the retry budget of the route is spent"
  | "the deadline leaves no time"
  | "no target is left";

export type NextStep =
  | { readonly kind: "retry_same"; readonly afterMs: number; readonly possibleDoubleCharge: boolean }
  | { readonly kind: "next_target"; readonly needs: NextTargetNeeds; readonly possibleDoubleCharge: boolean }
  | { readonly kind: "stop"; readonly reason: StopReason };

/** A fallback that stands ready is not kept waiting for longer than this. */
const longestWaitBeforeFallbackMs = 5_000;

/**
 * What to do after a failed attempt. The class of the failure and the error table decide; the route's policies
 * narrow or widen what the table says, the budgets only ever say no. Pure: drawing from the budgets is the
 * caller's, once it acts.
 */
export function decideNext(facts: FailureFacts): NextStep {
  const reason = whyNoAttemptAtAll(facts);
  if (reason !== undefined) return { kind: "stop", reason };
  const possibleDoubleCharge = isUncertain(facts);
  const afterMs = waitBeforeRetry(facts);
  const needs = nextTargetNeeds(facts);
  const isRetryInTime = afterMs !== undefined && facts.nowMs + afterMs < facts.budget.deadlineMs;
  if (isRetryInTime && (needs === undefined || isWorthWaiting(facts, afterMs))) {
    return { kind: "retry_same", afterMs, possibleDoubleCharge };
  }
  if (needs !== undefined) return { kind: "next_target", needs, possibleDoubleCharge };
  return { kind: "stop", reason: whyNothingIsLeft(facts, afterMs) };
}

function whyNoAttemptAtAll(facts: FailureFacts): StopReason | undefined {
  const { error, budget } = facts;
  if (error.failure === "committed") return "part of the answer was delivered";
  if (isFinal(error.code)) return "the error is final";
  if (isUncertain(facts) && !facts.mayRepeatUncertain) {
    return "the provider may have done the work already";
  }
  if (facts.attemptsMade >= budget.maxAttempts) return "no attempt is left";
  if (facts.nowMs >= budget.deadlineMs) return "the deadline leaves no time";
  return facts.hasRetryRoom ? undefined : "the retry budget of the route is spent";
}

/** Nobody is waiting any more, or nobody but us is to blame: no configuration can make these worth repeating. */
function isFinal(code: ErrorCode): boolean {
  return code === "cancelled" || code === "deadline_exceeded" || code === "internal";
}

/** A failure that does not say whether it was sent counts as one that may have been. */
function isUncertain({ error }: FailureFacts): boolean {
  return error.failure === undefined || error.failure === "sent_unknown";
}

/** Undefined: not on this target. */
function waitBeforeRetry(facts: FailureFacts): number | undefined {
  const { error, retry, retriesMade, draw } = facts;
  const policy = errorTable[error.code];
  if (policy.hurtsHealth === "credential_out") return undefined; // Waiting mends neither a key nor a quota.
  if (retriesMade >= (retry.byCode?.[error.code] ?? retry.retries)) return undefined;
  if (!isRetryable(facts, policy)) return undefined;
  // The target is paused for as long in either case, so an earlier attempt would only be refused.
  const named = error.retryAfterMs ?? (policy.retrySameTarget === "after_wait" ? unnamedWaitMs : undefined);
  const asked = retry.honourRetryAfter ? named : undefined;
  const waitMs = backoffMs({
    retryNumber: retriesMade + 1,
    draw,
    ...(asked !== undefined && { retryAfterMs: asked }),
  });
  return Math.max(retry.minimumWaitMs ?? 0, waitMs);
}

function isRetryable({ error, retry }: FailureFacts, policy: ErrorPolicy): boolean {
  if (retry.byCode?.[error.code] !== undefined) return true;
  if (retry.onStatuses !== undefined && error.upstreamStatus !== undefined) {
    return retry.onStatuses.includes(error.upstreamStatus);
  }
  return policy.retrySameTarget !== "no";
}

/** Undefined: no other target stands ready. */
function nextTargetNeeds({ error, next }: FailureFacts): NextTargetNeeds | undefined {
  if (next === "nobody") return undefined;
  const { nextTarget } = errorTable[error.code];
  if (nextTarget === "if_capable") return "capability";
  return nextTarget === "larger_window" ? "larger_window" : "anything";
}

/** An equal that has not failed is better than the target that just has; a fallback is worth a short wait. */
function isWorthWaiting(facts: FailureFacts, afterMs: number): boolean {
  return facts.next !== "peer" && afterMs <= longestWaitBeforeFallbackMs;
}

function whyNothingIsLeft(facts: FailureFacts, afterMs: number | undefined): StopReason {
  if (afterMs !== undefined) return "the deadline leaves no time";
  const { retrySameTarget, nextTarget } = errorTable[facts.error.code];
  return retrySameTarget === "no" && nextTarget === "no" ? "the error is final" : "no target is left";
}
