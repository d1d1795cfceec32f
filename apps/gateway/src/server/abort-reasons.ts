import { RequestRefusal } from "./request-refusal.ts";

/** Reason of an inbound request's signal: nobody is left to read the answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";

  constructor() {
    super("the client closed its connection before the answer was finished");
  }
}

/**
 * Reason of an inbound request's signal: the grace of a shutdown has passed, and a moment is left for a last word.
 * Thrown by a handler that has not answered yet, it is answered as 503.
 */
export class ShuttingDown extends RequestRefusal {
  override readonly name = "ShuttingDown";

  constructor() {
    super(503, "shutting_down", "The gateway is shutting down; send the request again.");
  }
}
