import type { Clock, Random } from "@perilune/core";
import type { Connection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpLimits } from "./http-limits.ts";
import type { InboundRequest } from "./inbound-request.ts";
import type { EncodeRefusal, RefusedRequest } from "./refusal-answer.ts";
import type { Responder } from "./responder.ts";

/**
 * Serves one request. A RequestRefusal it throws is answered with its status, anything else with 500; after the answer
 * was begun, either cuts the connection. It returns when its answer has ended.
 */
export type RequestHandler = (request: InboundRequest, responder: Responder) => Promise<void>;

/** `serving` → `draining` (every answer is its connection's last) → `ending` (nothing new is begun). */
type ServerPhase = "serving" | "draining" | "ending";

/** What the connections of one server share. */
export interface ServerContext {
  readonly handler: RequestHandler;
  readonly encodeRefusal: EncodeRefusal;
  readonly onRefused: (request: RefusedRequest) => void;
  readonly onInternalError: (error: unknown, requestId: string) => void;
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly connections: Set<Connection>;
  /** Begun and not over: the handler is at work, or the answer is on its way. */
  readonly exchanges: Set<Exchange>;
  phase: ServerPhase;
}
