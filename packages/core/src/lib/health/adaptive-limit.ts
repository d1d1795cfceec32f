export interface AdaptiveLimitOptions {
  /**
   * Where to start: what the operator configured, or what the provider documents for the account's tier (for
   * Moonshot 15 to 100 attempts at once, as of September 2026). Absent: no limit until the first 429.
   */
  readonly initial?: number;
  /** Never above; for operators who want a hard limit. */
  readonly ceiling?: number;
}

/** Each 429 takes away this part of the limit. */
const keptShare = 0.7;

/**
 * How many attempts at once a credential bears, learned from its 429s: one more for every limit's worth of
 * successes made at the limit, a third less for a 429, and only once for all that were under way together.
 */
export class AdaptiveLimit {
  readonly #ceiling: number;
  #limit: number;
  #lastCutMs = -Infinity;

  constructor({ initial = Infinity, ceiling = Infinity }: AdaptiveLimitOptions) {
    this.#ceiling = Math.max(1, ceiling);
    this.#limit = Math.min(Math.max(1, initial), this.#ceiling);
  }

  /** Attempts allowed at once; at least 1, Infinity while nothing is known. */
  get allowed(): number {
    return Math.floor(this.#limit);
  }

  /** Below the limit a success says nothing about whether the limit could be higher. */
  succeeded(sentAtMs: number, wasAtLimit: boolean): void {
    if (wasAtLimit && this.#isNews(sentAtMs)) {
      this.#limit = Math.min(this.#ceiling, this.#limit + 1 / this.#limit);
    }
  }

  /** `inFlight` counts the refused attempt. */
  rateLimited(nowMs: number, sentAtMs: number, inFlight: number): void {
    if (!this.#isNews(sentAtMs)) return;
    this.#lastCutMs = nowMs;
    this.#limit = Math.max(1, Math.min(this.#limit, inFlight) * keptShare);
  }

  /** What was sent before the last cut was sent under another limit. */
  #isNews(sentAtMs: number): boolean {
    return sentAtMs > this.#lastCutMs;
  }
}
