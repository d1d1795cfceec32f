import type { Clock } from "../clock.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import type { AdaptiveLimitOptions } from "./adaptive-limit.ts";
import { FairQueue } from "./fair-queue.ts";
import type { FairQueueLimits } from "./fair-queue.ts";

export interface ConcurrencyLimiterOptions extends AdaptiveLimitOptions, Partial<FairQueueLimits> {
  /** The queue smooths bursts, it does not store them. */
  readonly maxWaitMs?: number;
}

export interface SlotRequest {
  /** Who is asking: a virtual key, or one name for everybody. */
  readonly callerId: string;
  /** By the clock's `nowMs`; waiting ends then at the latest. */
  readonly deadlineMs?: number;
  /** Aborted with a ProviderError as its reason. */
  readonly signal?: AbortSignal;
}

/** How an attempt in a slot ended. `rate_limited`: a 429 that may be about attempts at once. */
export type SlotOutcome = "success" | "rate_limited" | "other";

/** One attempt's right to be under way. Released exactly once; a second time is a bug and throws. */
export interface Slot {
  /** How long it was queued; shown to the caller. */
  readonly waitedMs: number;
  release(outcome: SlotOutcome): void;
}

export interface ConcurrencyView {
  /** Infinity while nothing is known. */
  readonly limit: number;
  readonly inFlight: number;
  readonly waiting: number;
}

interface Waiter {
  readonly sinceMs: number;
  readonly grant: (slot: Slot) => void;
}

/**
 * Attempts at once on one credential: what the provider bears is learned from its 429s, and who comes too early
 * waits a moment in a fair queue instead of being sent away. Whoever waits is granted a slot, times out, or
 * leaves; there is no fourth end, and a slot is never lost on the way.
 */
export class ConcurrencyLimiter {
  readonly #clock: Clock;
  readonly #limit: AdaptiveLimit;
  readonly #queue: FairQueue<Waiter>;
  readonly #maxWaitMs: number;
  #inFlight = 0;

  constructor(clock: Clock, options: ConcurrencyLimiterOptions) {
    const { maxWaiting = 1_000, maxWaitingPerCaller = 100, maxWaitMs = 10_000 } = options;
    this.#clock = clock;
    this.#limit = new AdaptiveLimit(options);
    this.#queue = new FairQueue({ maxWaiting, maxWaitingPerCaller });
    this.#maxWaitMs = maxWaitMs;
  }

  get view(): ConcurrencyView {
    return { limit: this.#limit.allowed, inFlight: this.#inFlight, waiting: this.#queue.size };
  }

  /**
   * A slot if one is free; the common case, without a promise. It overtakes nobody: whoever waits gets a slot in
   * the moment it comes free, so while one is free nobody waits.
   */
  tryAcquire(): Slot | undefined {
    return this.#inFlight < this.#limit.allowed ? this.#take(0) : undefined;
  }

  /**
   * Throws ProviderError `rate_limited`, not sent, when the queue is full or the wait too long,
   * `deadline_exceeded` when the request has no time left, or the signal's reason.
   */
  async acquire(request: SlotRequest): Promise<Slot> {
    request.signal?.throwIfAborted();
    return this.tryAcquire() ?? (await this.#wait(request));
  }

  #wait({ callerId, deadlineMs = Infinity, signal }: SlotRequest): Promise<Slot> {
    const sinceMs = this.#clock.nowMs();
    const leftMs = deadlineMs - sinceMs;
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown) => {
        stop();
        if (place !== undefined) this.#queue.leave(place);
        reject(reason);
      };
      const onAbort = () => leave(signal?.reason);
      const cancelTimer = this.#clock.after(Math.max(0, Math.min(leftMs, this.#maxWaitMs)), () =>
        leave(
          leftMs <= this.#maxWaitMs
            ? outOfTime()
            : tooBusy(`No slot came free within ${this.#maxWaitMs} ms.`),
        ),
      );
      const stop = () => {
        cancelTimer();
        signal?.removeEventListener("abort", onAbort);
      };
      const grant = (slot: Slot) => {
        stop();
        resolve(slot);
      };
      const place = this.#queue.join(callerId, { sinceMs, grant });
      if (place === undefined) leave(tooBusy("Too many requests are waiting already."));
      else signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  #take(waitedMs: number): Slot {
    this.#inFlight++;
    const sentAtMs = this.#clock.nowMs();
    let isHeld = true;
    return {
      waitedMs,
      release: (outcome) => {
        if (!isHeld) throw new Error("The concurrency slot was released twice.");
        isHeld = false;
        this.#learn(outcome, sentAtMs);
        this.#inFlight--;
        this.#grantNext();
      },
    };
  }

  #learn(outcome: SlotOutcome, sentAtMs: number): void {
    if (outcome === "success") {
      this.#limit.succeeded(sentAtMs, this.#inFlight >= this.#limit.allowed);
    }
    if (outcome === "rate_limited") {
      this.#limit.rateLimited(this.#clock.nowMs(), sentAtMs, this.#inFlight);
    }
  }

  #grantNext(): void {
    while (this.#inFlight < this.#limit.allowed) {
      const waiter = this.#queue.next();
      if (waiter === undefined) return;
      waiter.grant(this.#take(this.#clock.nowMs() - waiter.sinceMs));
    }
  }
}

function tooBusy(message: string): ProviderError {
  return new ProviderError({ code: "rate_limited", message, origin: "router", failure: "not_sent" });
}

function outOfTime(): ProviderError {
  return new ProviderError({
    code: "deadline_exceeded",
    message: "The request's time was over before a slot came free.",
    origin: "router",
    failure: "not_sent",
  });
}
