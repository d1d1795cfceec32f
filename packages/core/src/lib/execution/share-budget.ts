import { SlidingSum } from "../balancing/sliding-sum.ts";

export interface ShareBudgetSettings {
  /** Extra attempts allowed per request, 0 to 1. */
  readonly share: number;
  /** Allowed in a window however few requests came. */
  readonly floor: number;
  readonly windowMs: number;
}

/**
 * For retries, fallbacks and rescues of one route together. At full outage a route sends at most a fifth more
 * than its callers ask for, and a quiet route can still retry.
 */
export const retryBudget: ShareBudgetSettings = { share: 0.2, floor: 10, windowMs: 10_000 };

/** For hedges: paid for on purpose, so their share is small and there is none for free. */
export const hedgeBudget: ShareBudgetSettings = { share: 0.02, floor: 0, windowMs: 60_000 };

const buckets = 20;

/** Extra attempts as a share of requests, over a sliding window. The floor is not added to the share. */
export class ShareBudget {
  readonly #settings: ShareBudgetSettings;
  readonly #requests: SlidingSum;
  readonly #spent: SlidingSum;

  constructor(settings: ShareBudgetSettings) {
    this.#settings = settings;
    this.#requests = new SlidingSum(settings.windowMs, buckets);
    this.#spent = new SlidingSum(settings.windowMs, buckets);
  }

  /** A caller's request arrived; its first attempt costs nothing. */
  countRequest(nowMs: number): void {
    this.#requests.add(nowMs, 1);
  }

  hasRoom(nowMs: number): boolean {
    const { share, floor } = this.#settings;
    const allowed = Math.max(floor, share * this.#requests.sum(nowMs));
    return this.#spent.sum(nowMs) + 1 <= allowed;
  }

  /** Takes one extra attempt; false when none is left. */
  spend(nowMs: number): boolean {
    if (!this.hasRoom(nowMs)) return false;
    this.#spent.add(nowMs, 1);
    return true;
  }
}
