/**
 * What one request may spend, whatever route it takes: retries, fallbacks, hedges and rescues all draw from it,
 * so that layers cannot multiply. Counts up to two numbers; deciding is `decideNext`'s.
 */
export interface RequestBudget {
  /** The first one included. */
  readonly maxAttempts: number;
  /** By the clock's `nowMs`; Infinity for none. */
  readonly deadlineMs: number;
}

const defaultMaxAttempts = 5;

/** The budget of a request that starts now. */
export function openRequestBudget(
  nowMs: number,
  limits: { readonly maxAttempts?: number; readonly timeoutMs?: number },
): RequestBudget {
  return {
    maxAttempts: Math.max(1, limits.maxAttempts ?? defaultMaxAttempts),
    deadlineMs: nowMs + (limits.timeoutMs ?? Infinity),
  };
}
