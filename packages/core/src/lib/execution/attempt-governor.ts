import { errorTable } from "../contract/error-table.ts";
import type { ProviderError } from "../contract/provider-error.ts";

/** What one request may spend. Retries, fallbacks and rescues all draw from it, so layers cannot multiply. */
export interface AttemptBudget {
  readonly maxAttempts: number;
}

/** One target, no retry: what the engine grants until a route says otherwise. */
export const singleAttempt: AttemptBudget = { maxAttempts: 1 };

/** Whether the next planned attempt may be made after `attemptsMade`, the last of which failed with `error`. */
export function mayTryNext(budget: AttemptBudget, attemptsMade: number, error: ProviderError): boolean {
  return attemptsMade < budget.maxAttempts && errorTable[error.code].nextTarget === "yes";
}
