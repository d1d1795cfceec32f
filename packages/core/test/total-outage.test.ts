import { describe, expect, it } from "vitest";
import { rankCandidates } from "../src/lib/balancing/rank-candidates.ts";
import { seededDraws } from "../src/lib/balancing/seeded-draws.ts";
import { decideNext } from "../src/lib/execution/decide-next.ts";
import type { NextStep } from "../src/lib/execution/decide-next.ts";
import { openRequestBudget } from "../src/lib/execution/request-budget.ts";
import { retryBudget, ShareBudget } from "../src/lib/execution/share-budget.ts";
import type { HealthPermit, HealthTarget } from "../src/lib/health/health-store.ts";
import { MemoryHealthStore } from "../src/lib/health/memory-health-store.ts";
import { candidate } from "./candidate.ts";
import { VirtualClock } from "./virtual-clock.ts";

const attemptMs = 300;

/** Open-loop traffic over one route whose targets are up or down as told; every attempt is seen. */
class Traffic {
  readonly clock = new VirtualClock();
  readonly attempts: { readonly atMs: number; readonly deploymentId: string }[] = [];
  requests = 0;
  answered = 0;
  mostProbesAtOnce = 0;
  isDown = (_deploymentId: string) => false;
  readonly #draw = seededDraws(11);
  readonly #store = new MemoryHealthStore(this.clock, this.#draw);
  readonly #budget = new ShareBudget(retryBudget);
  readonly #targets: readonly HealthTarget[];
  readonly #requestsPerSecond: number;
  readonly #probes = new Map<string, number>();

  constructor(targets: readonly HealthTarget[], requestsPerSecond = 200) {
    this.#targets = targets;
    this.#requestsPerSecond = requestsPerSecond;
  }

  async run(seconds: number): Promise<void> {
    const last = this.requests + seconds * this.#requestsPerSecond;
    const arrive = () => {
      this.#request();
      if (this.requests < last) this.clock.after(1_000 / this.#requestsPerSecond, arrive);
    };
    arrive();
    await this.clock.advance(seconds * 1_000);
  }

  #request(): void {
    const seed = this.requests++;
    this.#budget.countRequest(this.clock.nowMs());
    const budget = openRequestBudget(this.clock.nowMs(), {});
    const tried = new Set<string>();
    let attemptsMade = 0;
    let retriesMade = 0;

    const pick = () => {
      const candidates = this.#targets
        .filter(({ deploymentId }) => !tried.has(deploymentId))
        .map((target) => candidate(target.deploymentId, { availability: this.#store.availability(target) }));
      const id = rankCandidates("weighted", candidates, {}, seed).ranked[0]?.candidate.id;
      return this.#targets.find(({ deploymentId }) => deploymentId === id);
    };
    const attempt = (target: HealthTarget) => {
      const admission = this.#store.admit(target);
      if (admission.kind === "refused") return;
      tried.add(target.deploymentId);
      attemptsMade++;
      this.#send(target, admission.permit, () => follow(target));
    };
    const follow = (failed: HealthTarget) => {
      const next = pick();
      const step: NextStep = decideNext({
        error: { code: "connection_failed", failure: "not_sent" },
        attemptsMade,
        retriesMade,
        retry: { retries: 2, honourRetryAfter: true },
        next: next === undefined ? "nobody" : "peer",
        mayRepeatUncertain: true,
        budget,
        hasRetryRoom: this.#budget.hasRoom(this.clock.nowMs()),
        nowMs: this.clock.nowMs(),
        draw: this.#draw(),
      });
      if (step.kind === "stop" || !this.#budget.spend(this.clock.nowMs())) return;
      if (step.kind === "next_target" && next) attempt(next);
      if (step.kind === "retry_same") {
        retriesMade++;
        this.clock.after(step.afterMs, () => attempt(failed));
      }
    };
    const first = pick();
    if (first) attempt(first);
  }

  #send({ deploymentId }: HealthTarget, permit: HealthPermit, onFailure: () => void): void {
    this.attempts.push({ atMs: this.clock.nowMs(), deploymentId });
    const probes = (this.#probes.get(deploymentId) ?? 0) + (permit.isProbe ? 1 : 0);
    this.#probes.set(deploymentId, probes);
    this.mostProbesAtOnce = Math.max(this.mostProbesAtOnce, probes);
    this.clock.after(attemptMs, () => {
      if (permit.isProbe) this.#probes.set(deploymentId, (this.#probes.get(deploymentId) ?? 0) - 1);
      if (this.isDown(deploymentId)) {
        permit.settle({ outcome: "errored", error: { code: "connection_failed" } });
        onFailure();
      } else {
        this.answered++;
        permit.settle({ outcome: "complete" });
      }
    });
  }
}

const targets = (rule: Pick<HealthTarget, "rule"> = {}): HealthTarget[] => [
  { deploymentId: "a", ...rule },
  { deploymentId: "b", ...rule },
  { deploymentId: "c", ...rule },
];

describe("at total outage, with 200 requests a second for a minute", () => {
  it("hardly anything is sent, and never more than one probe at a time to a target", async () => {
    const traffic = new Traffic(targets());
    traffic.isDown = () => true;
    await traffic.run(60);
    expect(traffic.requests).toBe(12_000);
    expect(traffic.mostProbesAtOnce).toBe(1);
    expect(traffic.attempts.length).toBeLessThan(1_000);
    const later = traffic.attempts.filter(({ atMs }) => atMs > 1_000);
    expect(later.length).toBeGreaterThan(3);
    expect(later.length).toBeLessThan(60);
  });

  it("the retry budget alone holds even without breakers: at most a fifth more than was asked for", async () => {
    const traffic = new Traffic(targets({ rule: "never" }));
    traffic.isDown = () => true;
    await traffic.run(60);
    const amplification = traffic.attempts.length / traffic.requests;
    expect(amplification).toBeGreaterThan(1.15);
    expect(amplification).toBeLessThanOrEqual(1.2);
  });

  it("everything is answered again soon after it is over", async () => {
    const traffic = new Traffic(targets());
    traffic.isDown = () => true;
    await traffic.run(60);
    traffic.isDown = () => false;
    await traffic.run(45);
    const { answered } = traffic;
    await traffic.run(10);
    expect(traffic.answered - answered).toBe(10 * 200);
  });
});

describe("when one of three targets comes back", () => {
  it("gets at most a tenth of its usual traffic in its first second, and all of it in the end", async () => {
    const requestsPerSecond = 1_000;
    const traffic = new Traffic(targets(), requestsPerSecond);
    traffic.isDown = (deploymentId) => deploymentId === "a";
    await traffic.run(5);
    traffic.isDown = () => false;
    const upAtMs = traffic.clock.nowMs();
    await traffic.run(25);
    const toA = traffic.attempts.filter((one) => one.deploymentId === "a" && one.atMs > upAtMs);
    const recoveredAtMs = toA[0]!.atMs + attemptMs;
    const within = (fromMs: number, toMs: number) =>
      toA.filter((one) => one.atMs > recoveredAtMs + fromMs && one.atMs <= recoveredAtMs + toMs).length;
    const usualPerSecond = requestsPerSecond / 3;
    expect(within(0, 1_000)).toBeLessThanOrEqual(usualPerSecond / 10);
    expect(within(10_000, 15_000) / 5).toBeGreaterThan(usualPerSecond * 0.9);
  });
});

describe("when one of three targets is down", () => {
  it("every request is answered by another, within the retry budget", async () => {
    const traffic = new Traffic(targets());
    traffic.isDown = (deploymentId) => deploymentId === "a";
    await traffic.run(60);
    await traffic.clock.advance(2_000);
    expect(traffic.answered).toBeGreaterThan(traffic.requests * 0.995);
    expect(traffic.attempts.length).toBeLessThan(traffic.requests * 1.02);
  });
});
