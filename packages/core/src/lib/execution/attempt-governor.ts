import type { Clock } from "../clock.ts";
import { errorTable } from "../contract/error-table.ts";
import type { ProviderError } from "../contract/provider-error.ts";
import { RecentMap } from "../health/recent-map.ts";
import { stepsAfter } from "../routing/ranked-tree.ts";
import type { Step } from "../routing/ranked-tree.ts";
import { decideNext } from "./decide-next.ts";
import type { NextStep } from "./decide-next.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { ShareBudget } from "./share-budget.ts";

/** The retry budgets of all routes; names that callers invent are forgotten again. */
export type RouteBudgets = RecentMap<ShareBudget>;

export function openRouteBudgets(): RouteBudgets {
  return new RecentMap(10_000);
}

export interface GovernorOptions {
  readonly budget: RequestBudget;
  readonly mayRepeatUncertain: boolean;
}

/** Nobody who set no deadline wants to be held for longer than this while we wait for a provider's permission. */
const longestWaitMs = 30_000;

/** What to do after a failure, with the target to do it on. */
export type Verdict =
  | { readonly kind: "go"; readonly step: Step; readonly afterMs: number; readonly isUncertain: boolean }
  | { readonly kind: "stop"; readonly reason: string };

/**
 * One request's way through its plan: counts its attempts, remembers who failed, and says after each failure
 * whether there is another attempt, where, and when. Retries, fallbacks and rescues all come through here, so
 * they cannot multiply.
 */
export class AttemptGovernor {
  readonly #steps: readonly Step[];
  readonly #clock: Clock;
  readonly #route: ShareBudget;
  readonly #options: GovernorOptions;
  readonly #failed = new Set<string>();
  #attemptsMade = 0;
  #retriesMade = 0;

  constructor(steps: readonly Step[], clock: Clock, route: ShareBudget, options: GovernorOptions) {
    this.#steps = steps;
    this.#clock = clock;
    this.#route = route;
    this.#options = options;
    route.countRequest(clock.nowMs());
  }

  get attemptsMade(): number {
    return this.#attemptsMade;
  }

  countAttempt(): void {
    this.#attemptsMade++;
  }

  /** `readyAtMs`: when a target may be asked; in the past when it may be now. */
  after(failed: Step, error: ProviderError, draw: number, readyAtMs: (step: Step) => number): Verdict {
    const { retry } = failed.leaf.node;
    const nowMs = this.#clock.nowMs();
    const isTried = (path: string) => path === failed.leaf.node.path || this.#failed.has(path);
    // A prompt that is too long or refused is no sign of trouble: going where it fits is no retry.
    const isTrouble = errorTable[error.code].hurtsHealth !== "no";
    const next = stepsAfter(this.#steps, failed, error).find(
      (step) => !isTried(step.leaf.node.path) && readyAtMs(step) <= nowMs && fits(step, failed, error),
    );
    const decision = decideNext({
      error: error.facts,
      attemptsMade: this.#attemptsMade,
      retriesMade: this.#retriesMade,
      retry,
      next: next === undefined ? "nobody" : isPeer(next, failed) ? "peer" : "fallback",
      mayRepeatUncertain: this.#options.mayRepeatUncertain,
      budget: this.#options.budget,
      hasRetryRoom: !isTrouble || this.#route.hasRoom(nowMs),
      nowMs,
      draw,
    });
    if (decision.kind === "retry_same") {
      const isLeftAlone = readyAtMs(failed) > nowMs + decision.afterMs;
      const isTooLong = decision.afterMs > longestWaitMs && this.#options.budget.deadlineMs === Infinity;
      if (isLeftAlone || isTooLong) return { kind: "stop", reason: "the wait is too long" };
    }
    if (decision.kind !== "stop" && isTrouble) this.#route.spend(nowMs);
    return this.#act(decision, failed, next);
  }

  #act(decision: NextStep, failed: Step, next: Step | undefined): Verdict {
    if (decision.kind === "stop") return decision;
    const isUncertain = decision.possibleDoubleCharge;
    if (decision.kind === "retry_same") {
      this.#retriesMade++;
      return { kind: "go", step: failed, afterMs: decision.afterMs, isUncertain };
    }
    if (next === undefined) return { kind: "stop", reason: "no target is left" };
    this.#failed.add(failed.leaf.node.path);
    this.#retriesMade = 0;
    return { kind: "go", step: next, afterMs: 0, isUncertain };
  }
}

/** A prompt that was too long for one window needs a larger one. */
function fits(step: Step, failed: Step, { code }: ProviderError): boolean {
  return errorTable[code].nextTarget !== "larger_window" || windowOf(step) > windowOf(failed);
}

function windowOf({ leaf }: Step): number {
  const { provider, modelId } = leaf.node.deployment;
  return provider.adapter.profileOf(modelId).contextWindowTokens;
}

/** Whether both stand in the same group: the innermost sequence where their ways part. */
function isPeer(next: Step, failed: Step): boolean {
  const shared = failed.way.findLast(({ sequence }) => next.way.some((other) => other.sequence === sequence));
  return shared?.sequence.of === "group";
}
