import type { ChatDispatch, Deployment, Router, RouteTable } from "@perilune/core";
import { callersKeyCandidates, providerCandidates } from "../routing/caller-candidates.ts";
import { abortSignalOf } from "./abort-signal.ts";
import type { EndpointCall } from "../endpoints/endpoint.ts";
import type { Caller } from "./authenticate.ts";
import type { ChatCall } from "./decode.ts";

/** Hands a decoded call to the router, with the caller's rights as the choice of targets. */
export function dispatch(
  router: Router,
  routes: RouteTable,
  chat: ChatCall,
  caller: Caller,
  { inbound, log }: Pick<EndpointCall, "inbound" | "log">,
): Promise<ChatDispatch> {
  const candidates = candidatesFor(caller, chat.request.model, routes);
  return router.dispatch(chat.request, {
    signal: abortSignalOf(inbound),
    strict: chat.isStrict,
    onAttempt: (record) => log.addAttempt(record),
    ...(chat.timeoutMs !== undefined && { timeoutMs: chat.timeoutMs }),
    ...(candidates !== undefined && { candidates }),
  });
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
