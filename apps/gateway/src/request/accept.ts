import type { Clock } from "@perilune/core";
import type { EndpointMatch, EndpointTable } from "../endpoints/endpoint-table.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import { RequestRefusal } from "../server/request-refusal.ts";
import { MethodRefusal } from "./method-refusal.ts";

/** A request that found its endpoint. */
export interface AcceptedRequest {
  readonly inbound: InboundRequest;
  readonly match: EndpointMatch;
}

/** Path and method → the endpoint that will serve it. Throws RequestRefusal 404 or 405. */
export function accept(inbound: InboundRequest, endpoints: EndpointTable): AcceptedRequest {
  const found = endpoints.find(inbound.method, inbound.path);
  if (found.kind === "match") return { inbound, match: found.match };
  if (found.kind === "wrong_method") throw new MethodRefusal(inbound.path, found.allowed);
  throw new RequestRefusal(404, "unknown_route", `There is no route ${inbound.method} ${inbound.path}.`);
}

/**
 * The trace a request belongs to: the caller's own, else the W3C one, else the request itself. Never empty:
 * the Portkey SDKs repeat a failed call when it is. Not unique either: their Node SDK reuses one for later
 * calls (observed with portkey-ai 3.1.0), so nothing is keyed by it.
 */
export function traceIdOf(inbound: InboundRequest): string {
  const own = inbound.header("x-portkey-trace-id") ?? "";
  if (/^[\x21-\x7e]{1,256}$/.test(own)) return own;
  const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(
    inbound.header("traceparent") ?? "",
  );
  return traceparent?.[1] ?? inbound.id;
}

export interface Started {
  readonly atMs: number;
  readonly nowMs: number;
}

export function startedNow(clock: Clock): Started {
  return { atMs: clock.wallMs(), nowMs: clock.nowMs() };
}
