import type { Clock, Random } from "../clock.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { DecodedChunk, DecodedResponse } from "../contract/provider-adapter.ts";
import { ProviderError, toProviderError } from "../contract/provider-error.ts";
import type { Deployment } from "../routing/deployment.ts";
import { nearestNames } from "../routing/nearest-names.ts";
import { planAttempts } from "../routing/plan-attempts.ts";
import type { PlannedAttempt } from "../routing/plan-attempts.ts";
import type { RouteTable } from "../routing/route-table.ts";
import { mayTryNext, singleAttempt } from "./attempt-governor.ts";
import type { AttemptRecord } from "./attempt-record.ts";
import type { AttemptMeans } from "./attempt-run.ts";
import { cancellation } from "./cancellation.ts";
import { runAttempt } from "./run-attempt.ts";

export interface DispatchMeans extends AttemptMeans {
  readonly clock: Clock;
  readonly random: Random;
  readonly routes: RouteTable;
}

export interface DispatchOptions {
  /** Aborting it ends the request at once, upstream included; a ProviderError as its reason is what is thrown. */
  readonly signal?: AbortSignal;
  /** Longest time for the whole request, all attempts together. */
  readonly timeoutMs?: number;
  /** Refuse any adjustment that changes what the request means. */
  readonly strict?: boolean;
  /** Instead of what the route table says: a caller's own key, or a virtual key. */
  readonly candidates?: readonly Deployment[];
  /** Hears of every attempt once, when it ends. Must not throw: it may be called by a timer. */
  readonly onAttempt?: (record: AttemptRecord) => void;
}

/** The answer to a chat request, with who gave it. */
export type ChatDispatch = {
  readonly deployment: Deployment;
  readonly adjustments: readonly Adjustment[];
  /** 1 for the first attempt. */
  readonly attemptNumber: number;
} & (
  | ({ readonly kind: "response" } & DecodedResponse)
  | { readonly kind: "stream"; readonly chunks: AsyncIterableIterator<DecodedChunk, undefined> }
);

/** Doing: walks the plan until an attempt answers or the governor says stop. Throws the last ProviderError. */
export async function dispatchChat(
  means: DispatchMeans,
  request: ChatRequest,
  options: DispatchOptions,
): Promise<ChatDispatch> {
  const plan = planAttempts(candidatesAndDraws(means, request, options)).attempts;
  let planned = plan[0];
  if (planned === undefined) throw noDeployment(request.model);
  const scope = openScope(means.clock, options);
  for (let attemptNumber = 1; ; attemptNumber++) {
    try {
      return await attempt(means, request, options, { planned, attemptNumber, scope });
    } catch (thrown) {
      const error = toProviderError(thrown);
      const next = plan[attemptNumber];
      if (next !== undefined && mayTryNext(singleAttempt, attemptNumber, error)) {
        planned = next;
        continue;
      }
      scope.close();
      throw error;
    }
  }
}

async function attempt(
  means: DispatchMeans,
  request: ChatRequest,
  options: DispatchOptions,
  step: { planned: PlannedAttempt; attemptNumber: number; scope: Scope },
): Promise<ChatDispatch> {
  const { deployment } = step.planned;
  const result = await runAttempt(means, {
    request,
    deployment,
    number: step.attemptNumber,
    isStrict: options.strict === true,
    signal: step.scope.signal,
    onRecord: (record) => {
      if (record.outcome === "complete" || record.error?.facts.failure === "committed") step.scope.close();
      options.onAttempt?.(record);
    },
  });
  const facts = { deployment, adjustments: result.run.adjustments, attemptNumber: step.attemptNumber };
  return result.kind === "response"
    ? { kind: "response", ...facts, ...result.decoded }
    : { kind: "stream", ...facts, chunks: result.stream };
}

function candidatesAndDraws(
  { routes, random }: DispatchMeans,
  request: ChatRequest,
  options: DispatchOptions,
) {
  const candidates = options.candidates ?? routes.candidates(request.model);
  if (candidates.length === 0) throw unknownModel(request.model, routes.names());
  return { candidates, draws: candidates.map(() => random()) };
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

function unknownModel(name: string, known: readonly string[]): ProviderError {
  const nearest = nearestNames(name, known);
  const advice =
    nearest.length === 0 ? "" : ` Did you mean ${nearest.map((each) => `"${each}"`).join(" or ")}?`;
  return new ProviderError({
    code: "model_not_found",
    message: `The model "${shortened(name)}" is not configured here.${advice}`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}

function noDeployment(name: string): ProviderError {
  return new ProviderError({
    code: "model_not_found",
    message: `No deployment of the model "${shortened(name)}" takes traffic: every weight is 0.`,
    origin: "router",
    failure: "not_sent",
    parameter: "model",
  });
}

/** A caller's text in our message: long enough to recognise, too short to fill a log. */
function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
