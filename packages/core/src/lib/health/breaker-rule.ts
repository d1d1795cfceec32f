import { errorTable } from "../contract/error-table.ts";
import type { BreakerRule } from "../routing/route-plan.ts";
import type { HealthOutcome } from "./health-outcome.ts";

/** What an attempt says about the one who served it. */
export type Verdict =
  | "success"
  | "failure"
  /** The caller's fault or choice: it says nothing. */
  | "neutral"
  /** Alive, and asking for a pause. */
  | "rate_limited"
  /** The key is wrong or its account is empty, for every deployment that uses it. */
  | "credential_refused"
  /** The key is good, but not for this deployment. */
  | "target_refused";

/** What a target gets whose route says nothing of breakers. */
export const defaultBreakerRule: BreakerRule = {
  failureThreshold: 5,
  failureRate: 0.5,
  minimumRequests: 20,
  cooldownMs: 10_000,
};

/** Reads the error table; what a rule itself says of a code or of a provider's status goes first. */
export function verdictOn({ outcome, error }: HealthOutcome, rule: BreakerRule): Verdict {
  if (outcome === "complete") return "success";
  if (outcome === "cancelled" || error === undefined) return "neutral";
  const { hurtsHealth } = errorTable[error.code];
  if (hurtsHealth === "credential_out") {
    return error.code === "permission_denied" ? "target_refused" : "credential_refused";
  }
  if (rule.failureThresholdByCode?.[error.code] !== undefined) return "failure";
  if (rule.failureStatuses !== undefined && error.upstreamStatus !== undefined) {
    if (rule.failureStatuses.includes(error.upstreamStatus)) return "failure";
    return hurtsHealth === "soft" ? "rate_limited" : "neutral";
  }
  if (hurtsHealth === "soft") return "rate_limited";
  return hurtsHealth === "yes" ? "failure" : "neutral";
}

export interface FailureCounts {
  /** Since the last success. */
  readonly consecutiveFailures: number;
  /** In the window; successes and failures only. */
  readonly failures: number;
  readonly requests: number;
}

/** Whether a target with these counts is left alone. */
export function opens(counts: FailureCounts, rule: BreakerRule): boolean {
  const { failureThreshold, failureRate, minimumRequests } = rule;
  if (failureThreshold !== undefined && counts.consecutiveFailures >= failureThreshold) return true;
  if (failureRate === undefined || counts.requests < Math.max(1, minimumRequests)) return false;
  return counts.failures / counts.requests >= failureRate;
}
