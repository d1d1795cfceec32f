import { available } from "../balancing/candidate.ts";
import type { Availability } from "../balancing/candidate.ts";
import type { Clock, Random } from "../clock.ts";
import type { BreakerRule } from "../routing/route-plan.ts";
import { defaultBreakerRule, verdictOn } from "./breaker-rule.ts";
import type { Verdict } from "./breaker-rule.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { BreakerPass, BreakerSettings } from "./circuit-breaker.ts";
import type { HealthOutcome } from "./health-outcome.ts";
import type { Admission, HealthPermit, HealthReport, HealthStore, HealthTarget } from "./health-store.ts";
import { credentialEntry, targetEntry } from "./health-entry.ts";
import { RecentMap } from "./recent-map.ts";
import { breakerAvailability, refusalSettings, strictest, TargetHealth } from "./target-health.ts";

/** Far above any configuration; only names that callers invent are ever forgotten. */
const capacity = 10_000;

/** Where doubling ends for a target that keeps failing. */
const longestCooldownMs = 300_000;

/** A breaker that let an attempt through, and what it wants to hear of it. */
interface Ticket {
  readonly breaker: CircuitBreaker;
  readonly pass: BreakerPass;
  readonly failsOn: Verdict;
  readonly settings: BreakerSettings;
}

/** The health of this process's targets, as this process saw it. */
export class MemoryHealthStore implements HealthStore {
  readonly #clock: Clock;
  readonly #draw: Random;
  readonly #targets = new RecentMap<TargetHealth>(capacity);
  readonly #credentials = new RecentMap<CircuitBreaker>(capacity);

  constructor(clock: Clock, draw: Random) {
    this.#clock = clock;
    this.#draw = draw;
  }

  availability(target: HealthTarget): Availability {
    const nowMs = this.#clock.nowMs();
    const health = this.#targets.peek(target.deploymentId);
    const own = health?.availability(nowMs, target.rule === "never") ?? available;
    const credential =
      target.credentialId === undefined ? undefined : this.#credentials.peek(target.credentialId);
    if (credential === undefined) return own;
    return strictest([own, breakerAvailability(credential.view(nowMs), nowMs, "credential_out")]);
  }

  admit(target: HealthTarget): Admission {
    const availability = this.availability(target);
    if (availability.state === "out") return { kind: "refused", availability };
    const nowMs = this.#clock.nowMs();
    const health = this.#targets.getOrCreate(target.deploymentId, () => new TargetHealth(nowMs, this.#draw));
    const tickets = this.#breakers(target, health, nowMs).flatMap((ticket) => {
      const pass = ticket.breaker.admit(nowMs);
      return pass === undefined ? [] : [{ ...ticket, pass }];
    });
    return { kind: "admitted", permit: this.#permit(target, health, tickets) };
  }

  report(): HealthReport {
    const nowMs = this.#clock.nowMs();
    const epochMs = this.#clock.wallMs() - nowMs;
    const targets = Array.from(this.#targets.entries(), ([id, health]) =>
      targetEntry(id, health, nowMs, epochMs),
    );
    const credentials = Array.from(this.#credentials.entries(), ([id, breaker]) =>
      credentialEntry(id, breaker, nowMs, epochMs),
    );
    return { targets, credentials };
  }

  #breakers(target: HealthTarget, health: TargetHealth, nowMs: number): Omit<Ticket, "pass">[] {
    const breakers: Omit<Ticket, "pass">[] = [];
    if (target.rule !== "never") {
      const settings = { ...ruleOf(target), longestCooldownMs };
      breakers.push({ breaker: health.working, failsOn: "failure", settings });
    }
    // Whether a caller's own key is good says nothing about the deployment for anybody else.
    if (target.credentialId === undefined) return breakers;
    const credential = this.#credentials.getOrCreate(
      target.credentialId,
      () => new CircuitBreaker(nowMs, this.#draw),
    );
    return [
      ...breakers,
      { breaker: health.allowed, failsOn: "target_refused", settings: refusalSettings },
      { breaker: credential, failsOn: "credential_refused", settings: refusalSettings },
    ];
  }

  #permit(target: HealthTarget, health: TargetHealth, tickets: readonly Ticket[]): HealthPermit {
    let isOpen = true;
    return {
      isProbe: tickets.some(({ pass }) => pass.isProbe),
      began: () => {
        for (const { breaker, pass } of tickets) breaker.began(pass, this.#clock.nowMs());
      },
      settle: (outcome) => {
        if (!isOpen) throw new Error(`The health permit of ${target.deploymentId} was settled twice.`);
        isOpen = false;
        this.#learn(outcome, verdictOn(outcome, ruleOf(target)), health, tickets);
      },
    };
  }

  #learn({ error }: HealthOutcome, verdict: Verdict, health: TargetHealth, tickets: readonly Ticket[]): void {
    const nowMs = this.#clock.nowMs();
    const mayPause =
      verdict === "rate_limited" || (verdict === "failure" && error?.retryAfterMs !== undefined);
    if (mayPause) health.pause(nowMs, error?.code, error?.retryAfterMs);
    for (const { breaker, pass, failsOn, settings } of tickets) {
      const heard = verdict === failsOn ? "failure" : verdict === "success" ? "success" : "neutral";
      breaker.settle(
        pass,
        nowMs,
        {
          verdict: heard,
          ...(error && { errorCode: error.code }),
          ...(error?.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
        },
        settings,
      );
    }
  }
}

function ruleOf({ rule }: HealthTarget): BreakerRule {
  return rule === undefined || rule === "never" ? defaultBreakerRule : rule;
}
