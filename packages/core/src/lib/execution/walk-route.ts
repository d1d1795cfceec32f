import type { AttemptTally, ExpectedUse, TargetState } from "../balancing/target-state.ts";
import type { Clock, Random } from "../clock.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import { ProviderError, toProviderError } from "../contract/provider-error.ts";
import { applyRequestChanges } from "../routing/apply-request-changes.ts";
import type { RouteDecision } from "../routing/plan-route.ts";
import type { Step } from "../routing/ranked-tree.ts";
import { noChanges } from "../routing/request-changes.ts";
import { shortened } from "../routing/unknown-model.ts";
import type { AttemptGovernor } from "./attempt-governor.ts";
import type { AttemptMeans } from "./attempt-run.ts";
import { runAttempt } from "./run-attempt.ts";
import type { AttemptResult, ChatJob } from "./run-attempt.ts";

export interface WalkMeans extends AttemptMeans {
  readonly clock: Clock;
  readonly random: Random;
  readonly targets: TargetState;
}

export interface Walk {
  readonly request: ChatRequest;
  readonly use: ExpectedUse;
  readonly decision: RouteDecision;
  readonly governor: AttemptGovernor;
  readonly signal: AbortSignal;
  readonly isStrict: boolean;
  readonly onRecord: ChatJob["onRecord"];
}

/** An attempt that answered, where it was made, and what the route had changed in the request. */
export interface WalkResult {
  readonly step: Step;
  readonly attemptNumber: number;
  readonly result: AttemptResult;
}

/**
 * Doing: makes one attempt after the other until one answers or the governor says stop. Throws the last
 * ProviderError.
 */
export async function walkRoute(means: WalkMeans, walk: Walk): Promise<WalkResult> {
  let step = firstReady(means, walk);
  let isUncertain = false;
  for (;;) {
    const tally = means.targets.open(step.leaf.node, walk.use);
    try {
      if (tally === undefined) throw notReady(step);
      walk.governor.countAttempt();
      const result = await attempt(means, walk, step, { tally, isUncertain });
      return { step, attemptNumber: walk.governor.attemptsMade, result };
    } catch (thrown) {
      const error = toProviderError(thrown);
      const verdict = walk.governor.after(step, error, means.random(), (other) => isReady(means, other));
      if (verdict.kind === "stop") throw error;
      await pause(means.clock, verdict.afterMs, walk.signal);
      step = verdict.step;
      isUncertain = verdict.isUncertain;
    }
  }
}

function attempt(
  means: WalkMeans,
  walk: Walk,
  { leaf }: Step,
  { tally, isUncertain }: { tally: AttemptTally; isUncertain: boolean },
): Promise<AttemptResult> {
  const { deployment, changes = noChanges } = leaf.node;
  const { request, adjustments } = changedRequest(walk.request, changes);
  return runAttempt(means, {
    request,
    routeAdjustments: adjustments,
    deployment,
    tally,
    number: walk.governor.attemptsMade,
    possibleDoubleCharge: isUncertain,
    isStrict: walk.isStrict,
    signal: walk.signal,
    onRecord: walk.onRecord,
  });
}

function changedRequest(
  request: ChatRequest,
  changes: Parameters<typeof applyRequestChanges>[1],
): { request: ChatRequest; adjustments: readonly Adjustment[] } {
  return changes === noChanges ? { request, adjustments: [] } : applyRequestChanges(request, changes);
}

function isReady({ targets }: WalkMeans, { leaf }: Step): boolean {
  return targets.availability(leaf.node).state !== "out";
}

function firstReady(means: WalkMeans, { decision, request }: Walk): Step {
  const ready = decision.steps.find((step) => isReady(means, step));
  if (ready !== undefined) return ready;
  throw nobodyReady(means, decision, request.model);
}

/** Between the look at it and the attempt, somebody else took its place. */
function notReady({ leaf }: Step): ProviderError {
  return new ProviderError({
    code: "overloaded",
    message: "The target cannot be asked at this moment: it is being tried, or its usage limits are reached.",
    origin: "router",
    failure: "not_sent",
    providerId: leaf.node.deployment.provider.adapter.id,
    modelId: leaf.node.deployment.modelId,
  });
}

function nobodyReady(means: WalkMeans, { steps, excluded }: RouteDecision, model: string): ProviderError {
  const nowMs = means.clock.nowMs();
  const waits = steps.flatMap(({ leaf }) => {
    const availability = means.targets.availability(leaf.node);
    return availability.state === "out" ? [availability.untilMs - nowMs] : [];
  });
  const reasons = [...new Set(excluded.map(({ reason }) => reason))].join("; ");
  const shortest = Math.min(...waits);
  return new ProviderError({
    code: "overloaded",
    message: `No deployment of "${shortened(model)}" can be asked at this moment${reasons === "" ? "" : `: ${reasons}`}.`,
    origin: "router",
    failure: "not_sent",
    ...(Number.isFinite(shortest) && { retryAfterMs: Math.max(1, Math.ceil(shortest)) }),
  });
}

/** Waits; leaves at once, with the signal's reason, when nobody waits for the answer any more. */
function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs <= 0 && !signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      // Always a ProviderError: the scope of a request aborts with nothing else.
      reject(signal.reason as ProviderError);
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
