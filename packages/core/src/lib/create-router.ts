import { LeaseBook } from "./balancing/lease.ts";
import { TargetState } from "./balancing/target-state.ts";
import { systemClock, systemRandom } from "./clock.ts";
import type { Clock, Random } from "./clock.ts";
import type { ChatRequestInput } from "./contract/chat-request.ts";
import type { ChatChunk, ChatResponse } from "./contract/chat-response.ts";
import { parseChatRequest } from "./contract/parse-chat-request.ts";
import type { ConfiguredProvider } from "./contract/provider-adapter.ts";
import { ProviderError } from "./contract/provider-error.ts";
import type { AttemptRun } from "./execution/attempt-run.ts";
import { openRouteBudgets } from "./execution/attempt-governor.ts";
import { dispatchChat } from "./execution/dispatch-chat.ts";
import type { ChatDispatch, DispatchMeans, DispatchOptions } from "./execution/dispatch-chat.ts";
import { explain } from "./execution/explain.ts";
import type { Explanation } from "./execution/explain.ts";
import { forward } from "./execution/forward.ts";
import type { ForwardedResponse, ForwardRequest } from "./execution/forward.ts";
import type { HealthReport } from "./health/health-store.ts";
import type { RetryPolicy } from "./routing/route-plan.ts";
import { routesByProvider } from "./routing/route-table.ts";
import type { RouteTable } from "./routing/route-table.ts";
import type { Transport } from "./transport/transport.ts";
import { createUndiciTransport } from "./transport/undici-transport.ts";

export interface RouterOptions {
  /** Served as `provider/model`, any model id. */
  readonly providers?: readonly ConfiguredProvider[];
  /** Which deployments serve which names; replaces what `providers` would give. */
  readonly routes?: RouteTable;
  /** Further attempts after a failure that a further attempt may mend; 2 when left out. For `providers` only. */
  readonly retries?: number;
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface Router {
  /** A streamed answer: resolves once it has really begun, and the iteration throws when it breaks. */
  chat(
    request: ChatRequestInput & { stream: true },
    options?: DispatchOptions,
  ): Promise<AsyncIterable<ChatChunk>>;
  /** A whole answer. */
  chat(
    request: ChatRequestInput & { stream?: false | null },
    options?: DispatchOptions,
  ): Promise<ChatResponse>;
  /** Either, by a flag known only at run time. */
  chat(
    request: ChatRequestInput,
    options?: DispatchOptions,
  ): Promise<ChatResponse | AsyncIterable<ChatChunk>>;
  /** Either, with who answered, what was adjusted, and the bytes as they came. */
  dispatch(request: ChatRequestInput, options?: DispatchOptions): Promise<ChatDispatch>;
  /** What a dispatch would do now: the order of targets, each choice's reason, the exact requests. Sends nothing. */
  explain(request: ChatRequestInput, options?: DispatchOptions): Explanation;
  /** Passes a request to a provider's own endpoint. */
  forward(provider: ConfiguredProvider, request: ForwardRequest): Promise<ForwardedResponse>;
  /** Names a request may use as `model`. */
  models(): readonly string[];
  /** Who is out, since when, until when, and why. */
  health(): HealthReport;
  /** Attempts under way on a deployment. */
  inFlight(deploymentId: string): number;
  /** Ends what is under way (streams throw `cancelled`), then closes the connections. */
  close(): Promise<void>;
}

/**
 * A router over providers, in-process: no server, no container. Every failure is a ProviderError.
 *
 * @example
 * const router = createRouter({ providers: [moonshot({ apiKey: process.env.MOONSHOT_API_KEY })] });
 * const answer = await router.chat({ model: "moonshot/kimi-k3", messages: [{ role: "user", content: "Hi" }] });
 */
export function createRouter(options: RouterOptions): Router {
  const transport = options.transport ?? createUndiciTransport();
  const leases = new LeaseBook();
  const runs = new Set<AttemptRun>();
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const retry: RetryPolicy = { retries: options.retries ?? 2, honourRetryAfter: true };
  const means: DispatchMeans = {
    transport,
    leases,
    runs,
    clock,
    random,
    targets: new TargetState(clock, random, leases),
    budgets: openRouteBudgets(),
    routes: options.routes ?? routesByProvider(options.providers ?? [], retry),
  };
  const dispatch: Router["dispatch"] = async (request, dispatchOptions = {}) =>
    dispatchChat(means, parseChatRequest(request), dispatchOptions);

  async function chat(request: ChatRequestInput, dispatchOptions: DispatchOptions = {}) {
    const answer = await dispatch(request, dispatchOptions);
    return answer.kind === "response" ? answer.response : chunksOf(answer.chunks);
  }

  return {
    // The overloads tie `stream: true` to the stream; dispatch answers in the kind the request asked for.
    chat: chat as Router["chat"],
    dispatch,
    explain: (request, dispatchOptions = {}) => explain(means, parseChatRequest(request), dispatchOptions),
    forward: (provider, request) => forward(transport, provider, request),
    models: () => means.routes.names(),
    health: () => means.targets.health(),
    inFlight: (deploymentId) => leases.inFlight(deploymentId),
    close: () => {
      for (const run of runs) run.fail(routerClosed());
      return transport.close();
    },
  };
}

function routerClosed(): ProviderError {
  return new ProviderError({ code: "cancelled", message: "The router was closed.", origin: "router" });
}

function chunksOf(
  items: Extract<ChatDispatch, { kind: "stream" }>["chunks"],
): AsyncIterableIterator<ChatChunk, undefined> {
  return {
    next: async () => {
      const item = await items.next();
      return item.done === true ? item : { done: false, value: item.value.chunk };
    },
    return: async () => {
      await items.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
