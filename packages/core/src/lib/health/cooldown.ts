/** How long someone who said 429 without naming a wait is left alone. */
export const unnamedWaitMs = 1_000;

/** A provider that asks for more is asked again after this all the same. */
const longestAskedWaitMs = 3_600_000;

export interface CooldownFacts {
  readonly baseMs: number;
  /** How many times in a row it opened, this one included. */
  readonly openings: number;
  readonly longestMs: number;
  /** How long the provider asked to wait. */
  readonly retryAfterMs?: number;
  /** A number in [0, 1). */
  readonly draw: number;
}

/**
 * How long something that failed is left alone: twice as long after every probe that failed, and never shorter
 * than the provider asked. Up to a tenth is added by chance, so that instances do not all probe at once.
 */
export function cooldownMs({ baseMs, openings, longestMs, retryAfterMs, draw }: CooldownFacts): number {
  const ownMs = Math.min(Math.max(longestMs, baseMs), baseMs * 2 ** (openings - 1));
  return Math.max(ownMs, sensibleWaitMs(retryAfterMs)) * (1 + draw / 10);
}

/** A provider's wait as it can be acted on: 0 for nonsense, capped. */
export function sensibleWaitMs(retryAfterMs: number | undefined): number {
  return retryAfterMs !== undefined && retryAfterMs > 0 ? Math.min(retryAfterMs, longestAskedWaitMs) : 0;
}
