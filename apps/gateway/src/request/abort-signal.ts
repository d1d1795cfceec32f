import { ProviderError } from "@perilune/core";
import { ShuttingDown } from "../server/abort-reasons.ts";
import type { InboundRequest } from "../server/inbound-request.ts";

/** What ends a request early, in the engine's words: the client left, or the gateway is about to. */
export function abortSignalOf({ signal }: InboundRequest): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason instanceof ShuttingDown ? shuttingDown() : clientGone());
  if (signal.aborted) abort();
  // Lives as long as the request's own signal: nothing to remove.
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}

function shuttingDown(): ProviderError {
  return new ProviderError({
    code: "overloaded",
    message: "The gateway is shutting down.",
    origin: "router",
  });
}

function clientGone(): ProviderError {
  return new ProviderError({
    code: "cancelled",
    message: "The client closed the connection.",
    origin: "caller",
  });
}
