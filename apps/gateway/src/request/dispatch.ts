import type {
  Adjustment,
  ChatDispatch,
  Deployment,
  DispatchOptions,
  Router,
  RouteTable,
} from "@perilune/core";
import { callersKeyCandidates, providerCandidates } from "../routing/caller-candidates.ts";
import { abortSignalOf } from "./abort-signal.ts";
import type { EndpointCall } from "../endpoints/endpoint.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import { configRoute } from "../routing/config-route.ts";
import type { Access, Caller } from "./authenticate.ts";
import type { ChatCall } from "./decode.ts";
import { requestFacts } from "./request-facts.ts";

export interface DispatchMeans {
  readonly router: Router;
  readonly routes: RouteTable;
  readonly access: Access;
}

/** Hands a decoded call to the router, with the caller's rights as the choice of targets. */
export function dispatch(
  means: DispatchMeans,
  chat: ChatCall,
  { options }: RouteOptions,
  { inbound, log }: Pick<EndpointCall, "inbound" | "log">,
): Promise<ChatDispatch> {
  return means.router.dispatch(chat.request, {
    ...options,
    signal: abortSignalOf(inbound),
    strict: chat.isStrict,
    onAttempt: (record) => log.addAttempt(record),
    ...(chat.timeoutMs !== undefined && { timeoutMs: chat.timeoutMs }),
  });
}

export interface RouteOptions {
  readonly options: Pick<DispatchOptions, "route" | "candidates" | "facts">;
  /** What a config asked for and is not done. */
  readonly adjustments: readonly Adjustment[];
}

/** Where a call may go: by its own config, by the caller's key, else by the route table. */
export function routeOptions(
  { access, routes }: Omit<DispatchMeans, "router">,
  chat: ChatCall,
  caller: Caller,
  inbound: InboundRequest,
): RouteOptions {
  const facts = requestFacts(inbound);
  const { model } = chat.request;
  if (chat.routeConfig !== undefined) {
    const { route, adjustments } = configRoute(chat.routeConfig, { access, routes, caller, inbound, model });
    return { options: { facts, route }, adjustments };
  }
  const candidates = candidatesFor(caller, model, routes);
  return { options: { facts, ...(candidates !== undefined && { candidates }) }, adjustments: [] };
}

/** Undefined: whatever the route table says. */
export function candidatesFor(
  caller: Caller,
  model: string,
  routes: RouteTable,
): readonly Deployment[] | undefined {
  if (caller.kind === "provider") return callersKeyCandidates(caller, model);
  return caller.providerId === undefined ? undefined : providerCandidates(caller.providerId, model, routes);
}
