import { SlidingSum } from "./sliding-sum.ts";

export interface UsageLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** Room taken for one attempt before it is sent. */
export interface UsageReservation {
  /** Puts what was really used in the place of what was reserved, in the minute it was reserved in. */
  settle(nowMs: number, tokens: number): void;
  /** The attempt was never sent: gives everything back. */
  release(nowMs: number): void;
}

const minuteMs = 60_000;
const buckets = 60;

/**
 * Requests and tokens of one target over the last minute. Reserve, then run: at no moment does any minute hold
 * more than the limits, however many decide at once. Providers count the prompt and the most the answer may
 * have (Moonshot's admission check does), so that is what is reserved; `settle` gives the rest back.
 */
export class UsageWindow {
  readonly #limits: UsageLimits;
  readonly #requests = new SlidingSum(minuteMs, buckets);
  readonly #tokens = new SlidingSum(minuteMs, buckets);

  constructor(limits: UsageLimits) {
    this.#limits = limits;
  }

  /** The smaller share of the limits left with this request counted; below 0 it does not fit. */
  headroom(nowMs: number, tokens: number): number {
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    return Math.min(
      shareLeft(requestsPerMinute, this.#requests.sum(nowMs) + 1),
      shareLeft(tokensPerMinute, this.#tokens.sum(nowMs) + tokens),
    );
  }

  /** Undefined when it does not fit. */
  reserve(nowMs: number, tokens: number): UsageReservation | undefined {
    if (this.headroom(nowMs, tokens) < 0) return undefined;
    const requestAt = this.#requests.add(nowMs, 1);
    const tokensAt = this.#tokens.add(nowMs, tokens);
    let isOpen = true;
    const close = () => {
      if (!isOpen) throw new Error("The usage reservation was settled twice.");
      isOpen = false;
    };
    return {
      settle: (laterMs, used) => {
        close();
        this.#tokens.correct(laterMs, tokensAt, used - tokens);
      },
      release: (laterMs) => {
        close();
        this.#requests.correct(laterMs, requestAt, -1);
        this.#tokens.correct(laterMs, tokensAt, -tokens);
      },
    };
  }

  /** Milliseconds until it would fit if nothing else came; Infinity when it is larger than the limit itself. */
  waitMs(nowMs: number, tokens: number): number {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = this.#limits;
    return Math.max(
      this.#requests.waitMs(nowMs, requestsPerMinute - 1),
      this.#tokens.waitMs(nowMs, tokensPerMinute - tokens),
    );
  }
}

function shareLeft(limit: number | undefined, used: number): number {
  if (limit === undefined) return 1;
  return limit > 0 ? (limit - used) / limit : -1;
}
