import { expectedUse } from "../balancing/target-state.ts";
import type { Clock } from "../clock.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { DecodedChunk, DecodedResponse } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { Facts } from "../routing/conditions/evaluate-condition.ts";
import type { Deployment } from "../routing/deployment.ts";
import { groupOf } from "../routing/group-of.ts";
import { noRetry } from "../routing/leaf-settings.ts";
import { planRoute } from "../routing/plan-route.ts";
import type { RouteDecision } from "../routing/plan-route.ts";
import type { RouteNode } from "../routing/route-plan.ts";
import type { RouteTable } from "../routing/route-table.ts";
import { shortened, unknownModel } from "../routing/unknown-model.ts";
import { AttemptGovernor } from "./attempt-governor.ts";
import type { RouteBudgets } from "./attempt-governor.ts";
import type { AttemptRecord } from "./attempt-record.ts";
import { cancellation } from "./cancellation.ts";
import { openRequestBudget } from "./request-budget.ts";
import { retryBudget, ShareBudget } from "./share-budget.ts";
import { walkRoute } from "./walk-route.ts";
import type { WalkMeans, WalkResult } from "./walk-route.ts";

export interface DispatchMeans extends WalkMeans {
  readonly routes: RouteTable;
  readonly budgets: RouteBudgets;
}

export interface DispatchOptions {
  /** Aborting it ends the request at once, upstream included; a ProviderError as its reason is what is thrown. */
  readonly signal?: AbortSignal;
  /** Longest time for the whole request, all attempts and waits together. */
  readonly timeoutMs?: number;
  /** Most attempts for the request, on any target; 5 when left out. */
  readonly maxAttempts?: number;
  /** Whether to send again what the provider may already have done, and charged for; yes unless refused. */
  readonly mayRepeatUncertain?: boolean;
  /** Refuse any adjustment that changes what the request means. */
  readonly strict?: boolean;
  /** Instead of what the route table says: a caller's own route. */
  readonly route?: RouteNode;
  /** Likewise, as equals without retries: a caller's own key, or a virtual key. */
  readonly candidates?: readonly Deployment[];
  /** What conditions see beside the body. */
  readonly facts?: Omit<Facts, "params">;
  /** Hears of every attempt once, when it ends. Must not throw: it may be called by a timer. */
  readonly onAttempt?: (record: AttemptRecord) => void;
}

/** The answer to a chat request, with who gave it. */
export type ChatDispatch = {
  readonly deployment: Deployment;
  readonly adjustments: readonly Adjustment[];
  /** 1 for the first attempt. */
  readonly attemptNumber: number;
  /** Names the decision that led here. */
  readonly decisionId: string;
  /** Where the target was written: `model_list[0]`, `config.targets[1]`. */
  readonly routePath: string;
} & (
  | ({ readonly kind: "response" } & DecodedResponse)
  | { readonly kind: "stream"; readonly chunks: AsyncIterableIterator<DecodedChunk, undefined> }
);

/** Decides once, then does: the plan is made before anything is sent. Throws the last ProviderError. */
export async function dispatchChat(
  means: DispatchMeans,
  request: ChatRequest,
  options: DispatchOptions,
): Promise<ChatDispatch> {
  const decision = decide(means, request, options);
  const scope = openScope(means.clock, options);
  const budget = openRequestBudget(means.clock.nowMs(), options);
  // What a caller brings along (a config, a key) must not spend the budget of the routes everybody shares.
  const isOwn = options.route !== undefined || options.candidates !== undefined;
  const route = means.budgets.getOrCreate(
    isOwn ? "own routes" : request.model,
    () => new ShareBudget(retryBudget),
  );
  const mayRepeatUncertain = options.mayRepeatUncertain !== false;
  try {
    const walked = await walkRoute(means, {
      request,
      decision,
      use: expectedUse(request),
      governor: new AttemptGovernor(decision.steps, means.clock, route, { budget, mayRepeatUncertain }),
      signal: scope.signal,
      isStrict: options.strict === true,
      onRecord: (record) => {
        if (record.outcome === "complete" || record.error?.facts.failure === "committed") scope.close();
        options.onAttempt?.(record);
      },
    });
    return describe(walked, decision);
  } catch (thrown) {
    scope.close();
    throw thrown;
  }
}

/** The plan for a request: what `explain` shows, and what is then done. */
export function decide(means: DispatchMeans, request: ChatRequest, options: DispatchOptions): RouteDecision {
  const root =
    options.route ??
    (options.candidates && groupOf(options.candidates, "config", noRetry)) ??
    means.routes.routeOf(request.model);
  if (root === undefined) throw unknownModel(request.model, means.routes.names());
  const facts: Facts = { ...noFacts, ...options.facts, params: request };
  const seed = Math.floor(means.random() * 2 ** 32);
  const decision = planRoute(root, facts, expectedUse(request), means.targets, seed);
  if (decision.steps.length === 0 && isIdle(decision)) throw noDeployment(request.model);
  return decision;
}

const noFacts: Omit<Facts, "params"> = { metadata: {}, headers: {}, url: { pathname: "" } };

/** Nothing in it takes traffic, today or tomorrow. */
function isIdle({ excluded }: RouteDecision): boolean {
  return excluded.every(({ reason }) => reason === "weight 0");
}

function describe({ step, attemptNumber, result }: WalkResult, decision: RouteDecision): ChatDispatch {
  const { deployment, path } = step.leaf.node;
  const facts = {
    deployment,
    adjustments: result.run.adjustments,
    attemptNumber,
    decisionId: decision.id,
    routePath: path,
  };
  return result.kind === "response"
    ? { kind: "response", ...facts, ...result.decoded }
    : { kind: "stream", ...facts, chunks: result.stream };
}

/** What ends the whole request: the caller's signal and the request's own time limit, as one signal. */
interface Scope {
  readonly signal: AbortSignal;
  close(): void;
}

function openScope(clock: Clock, { signal, timeoutMs }: DispatchOptions): Scope {
  const controller = new AbortController();
  const onAbort = () => signal && controller.abort(cancellation(signal));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const cancelTimer =
    timeoutMs === undefined
      ? undefined
      : clock.after(timeoutMs, () => controller.abort(deadlineExceeded(timeoutMs)));
  return {
    signal: controller.signal,
    close: () => {
      signal?.removeEventListener("abort", onAbort);
      cancelTimer?.();
    },
  };
}

function deadlineExceeded(timeoutMs: number): ProviderError {
  return new ProviderError({
    code: "deadline_exceeded",
    message: `The request was not answered within its limit of ${timeoutMs} ms.`,
    origin: "router",
  });
}

function noDeployment(name: string): ProviderError {
  return new ProviderError({
    code: "model_not_found",
    message: `No deployment of the model "${shortened(name)}" takes traffic: every weight is 0, or no condition holds.`,
    origin: "router",
    failure: "not_sent",
    parameter: "model",
  });
}
