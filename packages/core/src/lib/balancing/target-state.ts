import type { Clock, Random } from "../clock.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { AttemptRecord } from "../execution/attempt-record.ts";
import type { HealthReport, HealthStore, HealthTarget } from "../health/health-store.ts";
import { MemoryHealthStore } from "../health/memory-health-store.ts";
import { RecentMap } from "../health/recent-map.ts";
import { credentialIdOf } from "../routing/credential-id.ts";
import type { Deployment } from "../routing/deployment.ts";
import { targetKey } from "../routing/target-key.ts";
import type { SingleNode } from "../routing/route-plan.ts";
import { CachedShare } from "./cached-share.ts";
import type { Availability, Candidate } from "./candidate.ts";
import { estimatePromptTokens, expectedOutputTokens, outputLimit } from "./expected-tokens.ts";
import { LatencyEstimate } from "./latency-estimate.ts";
import type { LeaseBook } from "./lease.ts";
import { estimatePrice } from "./price-estimate.ts";
import type { PriceEstimate } from "./price-estimate.ts";
import { UsageWindow } from "./usage-window.ts";

/** What a request is expected to need, counted once for all targets. */
export interface ExpectedUse {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** What providers count against a limit: the prompt and the most the answer may have. */
  readonly reservedTokens: number;
}

export function expectedUse(request: ChatRequest): ExpectedUse {
  const promptTokens = estimatePromptTokens(request);
  const outputTokens = expectedOutputTokens(request);
  return {
    promptTokens,
    outputTokens,
    reservedTokens: promptTokens + (outputLimit(request) ?? outputTokens),
  };
}

/** An attempt as the books see it: opened before it is sent, told when it begins, closed exactly once. */
export interface AttemptTally {
  /** The first meaningful chunk came. */
  began(firstTokenMs: number): void;
  ended(record: AttemptRecord): void;
}

interface Book {
  readonly latency: LatencyEstimate;
  readonly cached: CachedShare;
}

/** Far above any configuration; only names that callers invent are ever forgotten. */
const capacity = 10_000;

/** What this process knows of its targets: health, load, speed, use. Decisions read it, attempts write it. */
export class TargetState {
  readonly #clock: Clock;
  readonly #leases: LeaseBook;
  readonly #health: HealthStore;
  readonly #books = new RecentMap<Book>(capacity);
  /** By deployment: its limits hold for all of its models together. */
  readonly #usage = new RecentMap<UsageWindow>(capacity);

  constructor(clock: Clock, random: Random, leases: LeaseBook, health?: HealthStore) {
    this.#clock = clock;
    this.#leases = leases;
    this.#health = health ?? new MemoryHealthStore(clock, random);
  }

  health(): HealthReport {
    return this.#health.report();
  }

  availability(node: SingleNode): Availability {
    return this.#health.availability(healthTarget(node));
  }

  /** When a target may be asked, by the clock's `nowMs`: -Infinity for now, Infinity when nobody can say. */
  readyAtMs(node: SingleNode, use: ExpectedUse): number {
    const availability = this.availability(node);
    if (availability.state === "out") {
      return availability.reason === "being_probed" ? Infinity : availability.untilMs;
    }
    if (node.deployment.usageLimits === undefined) return -Infinity;
    const nowMs = this.#clock.nowMs();
    const waitMs = this.#usageOf(node.deployment).waitMs(nowMs, use.reservedTokens);
    return waitMs > 0 ? nowMs + waitMs : -Infinity;
  }

  /** One target at this moment, for a decision about a request; `target` is what the decision calls it. */
  candidate<Target>(node: SingleNode, weight: number, use: ExpectedUse, target: Target): Candidate<Target> {
    const { deployment } = node;
    const nowMs = this.#clock.nowMs();
    const book = this.#books.peek(targetKey(deployment));
    const firstTokenMsPerToken = book?.latency.msPerToken(nowMs);
    return {
      id: deployment.id,
      target,
      weight,
      availability: this.availability(node),
      inFlight: this.#leases.inFlight(deployment.id),
      ...(firstTokenMsPerToken !== undefined && { firstTokenMsPerToken }),
      ...(deployment.usageLimits && {
        usageHeadroom: this.#usageOf(deployment).headroom(nowMs, use.reservedTokens),
      }),
    };
  }

  /** What a request is expected to cost there; asked only where the choice is by price. */
  price({ deployment }: SingleNode, use: ExpectedUse): PriceEstimate {
    const cachedShare = this.#books.peek(targetKey(deployment))?.cached.expected ?? 0;
    const cachedPrompt = Math.round(use.promptTokens * cachedShare);
    return estimatePrice(
      deployment.provider.adapter.profileOf(deployment.modelId),
      { prompt: use.promptTokens, cachedPrompt, output: use.outputTokens },
      "usd",
    );
  }

  /** Undefined: the target may not be asked at this moment. */
  open(node: SingleNode, use: ExpectedUse): AttemptTally | undefined {
    const admission = this.#health.admit(healthTarget(node));
    if (admission.kind === "refused") return undefined;
    const { permit } = admission;
    const book = this.#book(node.deployment);
    const reservation = this.#usageOf(node.deployment).reserve(this.#clock.nowMs(), use.reservedTokens);
    if (reservation === undefined) {
      permit.settle({ outcome: "cancelled" });
      return undefined;
    }
    return {
      began: (firstTokenMs) => {
        permit.began();
        const uncachedPromptTokens = use.promptTokens * (1 - book.cached.expected);
        book.latency.observe(this.#clock.nowMs(), { firstTokenMs, uncachedPromptTokens });
      },
      ended: (record) => {
        const nowMs = this.#clock.nowMs();
        const isNoNews = saysNothing(record, node.deployment);
        permit.settle(isNoNews ? { outcome: "cancelled" } : outcomeOf(record));
        if (record.usage) book.cached.observe(record.usage);
        if (record.error?.facts.failure === "not_sent") reservation.release(nowMs);
        else
          reservation.settle(
            nowMs,
            record.usage?.total_tokens ?? (isRefusal(record) ? 0 : use.reservedTokens),
          );
      },
    };
  }

  #book(deployment: Deployment): Book {
    return this.#books.getOrCreate(targetKey(deployment), () => ({
      latency: new LatencyEstimate(),
      cached: new CachedShare(),
    }));
  }

  #usageOf({ id, usageLimits }: Deployment): UsageWindow {
    return this.#usage.getOrCreate(id, () => new UsageWindow(usageLimits ?? {}));
  }
}

function healthTarget({ deployment, breaker }: SingleNode): HealthTarget {
  const credentialId = credentialIdOf(deployment);
  return {
    deploymentId: targetKey(deployment),
    ...(credentialId !== undefined && { credentialId }),
    ...(breaker !== undefined && { rule: breaker }),
  };
}

/** A failure of ours or of the caller's is no news of the target: nothing was sent, or the caller had no patience. */
function saysNothing({ error }: AttemptRecord, { hasCallersTimeout }: Deployment): boolean {
  if (error === undefined) return false;
  if (error.code === "attempt_timeout" && hasCallersTimeout === true) return true;
  return error.origin !== "upstream" && error.facts.failure === "not_sent";
}

/** The provider said no: it counted nothing. */
function isRefusal({ error }: AttemptRecord): boolean {
  return error?.facts.failure === "answered";
}

function outcomeOf({ outcome, error }: AttemptRecord) {
  return { outcome, ...(error && { error: error.facts }) };
}
