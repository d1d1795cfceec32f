import { SlidingSum } from "../balancing/sliding-sum.ts";
import type { Random } from "../clock.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import type { BreakerRule } from "../routing/route-plan.ts";
import { opens } from "./breaker-rule.ts";
import { cooldownMs, sensibleWaitMs } from "./cooldown.ts";

export type BreakerView =
  /** `recoveredAtMs`: a probe closed it then. */
  | { readonly state: "closed"; readonly sinceMs: number; readonly recoveredAtMs?: number }
  | {
      readonly state: "open" | "half_open" | "probing";
      readonly sinceMs: number;
      readonly untilMs: number;
      readonly errorCode: ErrorCode | undefined;
    };

/** One attempt's ticket; belongs to the breaker that gave it. */
export interface BreakerPass {
  readonly isProbe: boolean;
  /** How often the breaker had opened when the attempt was let through. */
  readonly openingsSeen: number;
}

export interface BreakerResult {
  readonly verdict: "success" | "failure" | "neutral";
  readonly errorCode?: ErrorCode;
  readonly retryAfterMs?: number;
}

export interface BreakerSettings extends BreakerRule {
  /** Where doubling ends. */
  readonly longestCooldownMs: number;
}

interface Opening {
  readonly sinceMs: number;
  readonly errorCode: ErrorCode | undefined;
  untilMs: number;
}

const windowMs = 60_000;
const buckets = 20;

/**
 * Closed → open → half-open → closed. Three laws: at most one probe is under way; the end of a cooldown only
 * ever moves later; what was sent before an opening neither closes it nor counts afterwards.
 */
export class CircuitBreaker {
  readonly #draw: Random;
  readonly #createdMs: number;
  #requests = new SlidingSum(windowMs, buckets);
  #failures = new SlidingSum(windowMs, buckets);
  /** Since the last success; by code for those with a threshold of their own, the others together. */
  readonly #failuresInARow = new Map<ErrorCode | undefined, number>();
  #opening: Opening | undefined;
  #probe: BreakerPass | undefined;
  #openingsInARow = 0;
  #openingsEver = 0;
  #recoveredAtMs: number | undefined;

  constructor(nowMs: number, draw: Random) {
    this.#createdMs = nowMs;
    this.#draw = draw;
  }

  view(nowMs: number): BreakerView {
    if (this.#opening === undefined) {
      const recoveredAtMs = this.#recoveredAtMs;
      return recoveredAtMs === undefined
        ? { state: "closed", sinceMs: this.#createdMs }
        : { state: "closed", sinceMs: recoveredAtMs, recoveredAtMs };
    }
    const { sinceMs, untilMs, errorCode } = this.#opening;
    const waiting = this.#probe === undefined ? "half_open" : "probing";
    return { state: nowMs < untilMs ? "open" : waiting, sinceMs, untilMs, errorCode };
  }

  /** Undefined: not now. */
  admit(nowMs: number): BreakerPass | undefined {
    const { state } = this.view(nowMs);
    if (state === "open" || state === "probing") return undefined;
    const pass = { isProbe: state === "half_open", openingsSeen: this.#openingsEver };
    if (pass.isProbe) this.#probe = pass;
    return pass;
  }

  /** The answer has begun: a probe has proved what it had to, long before a stream ends. */
  began(pass: BreakerPass, nowMs: number): void {
    if (this.#probe === pass) this.#close(nowMs);
  }

  /** The attempt is over. Once per pass. */
  settle(pass: BreakerPass, nowMs: number, result: BreakerResult, settings: BreakerSettings): void {
    if (this.#probe === pass) {
      this.#probe = undefined;
      if (result.verdict === "success") this.#close(nowMs);
      if (result.verdict === "failure") this.#open(nowMs, result, settings);
    } else if (this.#opening !== undefined) {
      if (result.verdict === "failure") this.#extend(nowMs + sensibleWaitMs(result.retryAfterMs));
    } else if (pass.openingsSeen === this.#openingsEver) {
      this.#count(nowMs, result, settings);
    }
  }

  #count(nowMs: number, result: BreakerResult, settings: BreakerSettings): void {
    if (result.verdict === "neutral") return;
    if (result.verdict === "success") this.#failuresInARow.clear();
    const ownThreshold = result.errorCode && settings.failureThresholdByCode?.[result.errorCode];
    const failuresInARow = result.verdict === "failure" ? this.#countInARow(result, ownThreshold) : 0;
    if (ownThreshold !== undefined) {
      if (failuresInARow >= ownThreshold) this.#open(nowMs, result, settings);
      return;
    }
    this.#requests.add(nowMs, 1);
    this.#failures.add(nowMs, result.verdict === "failure" ? 1 : 0);
    const counts = {
      consecutiveFailures: failuresInARow,
      failures: this.#failures.sum(nowMs),
      requests: this.#requests.sum(nowMs),
    };
    if (result.verdict === "failure" && opens(counts, settings)) this.#open(nowMs, result, settings);
  }

  /** A code with a threshold of its own is counted apart from the others. */
  #countInARow({ errorCode }: BreakerResult, ownThreshold: number | undefined): number {
    const kind = ownThreshold === undefined ? undefined : errorCode;
    const count = (this.#failuresInARow.get(kind) ?? 0) + 1;
    this.#failuresInARow.set(kind, count);
    return count;
  }

  #open(nowMs: number, { errorCode, retryAfterMs }: BreakerResult, settings: BreakerSettings): void {
    this.#openingsInARow++;
    this.#openingsEver++;
    const forMs = cooldownMs({
      baseMs: settings.cooldownMs,
      openings: this.#openingsInARow,
      longestMs: settings.longestCooldownMs,
      draw: this.#draw(),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    const sinceMs = this.#opening?.sinceMs ?? nowMs;
    const untilMs = Math.max(this.#opening?.untilMs ?? 0, nowMs + forMs);
    this.#opening = { sinceMs, errorCode, untilMs };
  }

  #extend(untilMs: number): void {
    if (this.#opening !== undefined) this.#opening.untilMs = Math.max(this.#opening.untilMs, untilMs);
  }

  #close(nowMs: number): void {
    this.#probe = undefined;
    this.#opening = undefined;
    this.#openingsInARow = 0;
    this.#failuresInARow.clear();
    this.#recoveredAtMs = nowMs;
    this.#requests = new SlidingSum(windowMs, buckets);
    this.#failures = new SlidingSum(windowMs, buckets);
  }
}
