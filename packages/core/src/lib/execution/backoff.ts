export interface BackoffFacts {
  /** 1 for the first further attempt. */
  readonly retryNumber: number;
  /** How long the provider asked to wait. */
  readonly retryAfterMs?: number;
  /** A number in [0, 1). */
  readonly draw: number;
}

const baseMs = 500;
const capMs = 8_000;

/**
 * How long to wait before the next attempt: exponential, with full jitter (anything from nothing to the whole
 * interval), so that callers that failed together do not come back together. When the provider named a wait,
 * never less than that, and a little scattered after it.
 */
export function backoffMs({ retryNumber, retryAfterMs, draw }: BackoffFacts): number {
  const askedMs = askedWaitMs(retryAfterMs);
  if (askedMs !== undefined) return askedMs + draw * baseMs;
  return draw * Math.min(capMs, baseMs * 2 ** (retryNumber - 1));
}

/** A provider's wait, if it makes sense. */
function askedWaitMs(retryAfterMs: number | undefined): number | undefined {
  return retryAfterMs !== undefined && retryAfterMs >= 0 ? retryAfterMs : undefined;
}
