import { outReasons } from "../balancing/rank-candidates.ts";
import type { AttemptTally, ExpectedUse, TargetState } from "../balancing/target-state.ts";
import type { Clock, Random } from "../clock.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import { parseChatRequest } from "../contract/parse-chat-request.ts";
import { ProviderError, toProviderError } from "../contract/provider-error.ts";
import { applyRequestChanges } from "../routing/apply-request-changes.ts";
import type { RouteDecision } from "../routing/plan-route.ts";
import { stepsAfter } from "../routing/ranked-tree.ts";
import type { Step } from "../routing/ranked-tree.ts";
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
  let lastFailure: ProviderError | undefined;
  for (;;) {
    // Before the books are opened: a change that makes no request must not leave them open.
    const changed = changedRequest(walk.request, step);
    const tally = means.targets.open(step.leaf.node, walk.use);
    try {
      if (tally === undefined) throw notReady(step);
      walk.governor.countAttempt();
      const result = await attempt(means, walk, step, { ...changed, tally, isUncertain });
      return { step, attemptNumber: walk.governor.attemptsMade, result };
    } catch (thrown) {
      const error = toProviderError(thrown);
      const verdict = walk.governor.after(step, error, means.random(), (other) =>
        readyAtMs(means, walk, other),
      );
      // A target that could not be asked is no news beside one that was and failed.
      if (verdict.kind === "stop") throw tally === undefined ? (lastFailure ?? error) : error;
      lastFailure = tally === undefined ? lastFailure : error;
      await pause(means.clock, verdict.afterMs, walk.signal);
      step = verdict.step;
      isUncertain = verdict.isUncertain;
    }
  }
}

interface ChangedRequest {
  readonly request: ChatRequest;
  readonly adjustments: readonly Adjustment[];
}

function attempt(
  means: WalkMeans,
  walk: Walk,
  { leaf }: Step,
  {
    request,
    adjustments,
    tally,
    isUncertain,
  }: ChangedRequest & { tally: AttemptTally; isUncertain: boolean },
): Promise<AttemptResult> {
  return runAttempt(means, {
    request,
    routeAdjustments: adjustments,
    deployment: leaf.node.deployment,
    tally,
    number: walk.governor.attemptsMade,
    possibleDoubleCharge: isUncertain,
    isStrict: walk.isStrict,
    signal: walk.signal,
    onRecord: walk.onRecord,
  });
}

/** The request as the route wants it sent. Throws ProviderError when that is no chat request any more. */
function changedRequest(request: ChatRequest, { leaf }: Step): ChangedRequest {
  const { changes } = leaf.node;
  if (changes === undefined) return { request, adjustments: [] };
  const changed = applyRequestChanges(request, changes);
  return { request: parseChatRequest(changed.request), adjustments: changed.adjustments };
}

function readyAtMs({ targets }: WalkMeans, { use }: Walk, { leaf }: Step): number {
  return targets.readyAtMs(leaf.node, use);
}

/** The first target, or where the route goes when that one cannot be asked: not to what is meant for other failures. */
function firstReady(means: WalkMeans, walk: Walk): Step {
  const { steps } = walk.decision;
  const [first] = steps;
  const isReady = (step: Step) => readyAtMs(means, walk, step) === -Infinity;
  if (first === undefined) throw nobodyReady(means, walk);
  if (isReady(first)) return first;
  const next = stepsAfter(steps, first, notReady(first)).find(isReady);
  if (next === undefined) throw nobodyReady(means, walk);
  return next;
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

function nobodyReady(means: WalkMeans, walk: Walk): ProviderError {
  const { steps, excluded } = walk.decision;
  const nowMs = means.clock.nowMs();
  const reasons = steps.map(({ leaf }) => {
    const availability = means.targets.availability(leaf.node);
    return availability.state === "out" ? availability.reason : "usage";
  });
  const words = [
    ...excluded.map(({ reason }) => reason),
    ...reasons.map((reason) => (reason === "usage" ? "its usage limits leave no room" : outReasons[reason])),
  ];
  const shortestMs = Math.min(...steps.map((step) => readyAtMs(means, walk, step) - nowMs));
  const isLimited =
    reasons.length > 0 && reasons.every((reason) => reason === "usage" || reason === "rate_limited");
  return new ProviderError({
    code: isLimited ? "rate_limited" : "overloaded",
    message: `No deployment of "${shortened(walk.request.model)}" can be asked at this moment: ${[...new Set(words)].join("; ")}.`,
    origin: "router",
    failure: "not_sent",
    ...(Number.isFinite(shortestMs) && { retryAfterMs: Math.max(1_000, Math.ceil(shortestMs)) }),
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
