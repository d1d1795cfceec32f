import type { Availability, OutReason } from "../balancing/candidate.ts";
import type { Random } from "../clock.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { BreakerSettings, BreakerView } from "./circuit-breaker.ts";
import { sensibleWaitMs, unnamedWaitMs } from "./cooldown.ts";

/** A wrong key or an empty account is not mended in seconds: ten minutes, doubling up to an hour. */
export const refusalSettings: BreakerSettings = {
  failureThreshold: 1,
  minimumRequests: 1,
  cooldownMs: 600_000,
  longestCooldownMs: 3_600_000,
};

/** After recovering, a target gets its share of the traffic bit by bit, starting with this part. */
const firstShare = 0.05;
const rampMs = 10_000;

export interface Pause {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly errorCode: ErrorCode | undefined;
}

/** What is remembered of one deployment: whether it works, whether it lets us in, whether it asked for a pause. */
export class TargetHealth {
  readonly working: CircuitBreaker;
  readonly allowed: CircuitBreaker;
  #pause: Pause | undefined;

  constructor(nowMs: number, draw: Random) {
    this.working = new CircuitBreaker(nowMs, draw);
    this.allowed = new CircuitBreaker(nowMs, draw);
  }

  /** Only ever made longer. */
  pause(nowMs: number, errorCode: ErrorCode | undefined, retryAfterMs: number | undefined): void {
    const untilMs = nowMs + (retryAfterMs === undefined ? unnamedWaitMs : sensibleWaitMs(retryAfterMs));
    const current = this.pauseAt(nowMs);
    if (current !== undefined && current.untilMs >= untilMs) return;
    this.#pause = { sinceMs: current?.sinceMs ?? nowMs, untilMs, errorCode };
  }

  pauseAt(nowMs: number): Pause | undefined {
    return this.#pause !== undefined && nowMs < this.#pause.untilMs ? this.#pause : undefined;
  }

  /** `isForgiven`: for a route that wants no breaker, failures and pauses do not count. */
  availability(nowMs: number, isForgiven: boolean): Availability {
    const views = [breakerAvailability(this.allowed.view(nowMs), nowMs, "credential_out")];
    if (isForgiven) return strictest(views);
    views.push(breakerAvailability(this.working.view(nowMs), nowMs, "failing"));
    const pause = this.pauseAt(nowMs);
    if (pause) views.push({ state: "out", reason: "rate_limited", untilMs: pause.untilMs });
    return strictest(views);
  }
}

export function breakerAvailability(view: BreakerView, nowMs: number, reason: OutReason): Availability {
  if (view.state === "closed") {
    return { state: "available", share: reason === "failing" ? shareAt(view.recoveredAtMs, nowMs) : 1 };
  }
  if (view.state === "open") return { state: "out", reason, untilMs: view.untilMs };
  if (view.state === "probing") return { state: "out", reason: "being_probed", untilMs: nowMs };
  return { state: "probe" };
}

/** All of them have to agree: out for as long as the longest, else a probe, else the smaller share. */
export function strictest(views: readonly Availability[]): Availability {
  return views.reduce((strict, view) => {
    if (rank(view) !== rank(strict)) return rank(view) > rank(strict) ? view : strict;
    return severity(view) > severity(strict) ? view : strict;
  });
}

function rank({ state }: Availability): number {
  return state === "out" ? 2 : state === "probe" ? 1 : 0;
}

function severity(view: Availability): number {
  if (view.state === "out") return view.untilMs;
  return view.state === "available" ? -view.share : 0;
}

function shareAt(recoveredAtMs: number | undefined, nowMs: number): number {
  if (recoveredAtMs === undefined) return 1;
  return Math.min(1, Math.max(firstShare, (nowMs - recoveredAtMs) / rampMs));
}
