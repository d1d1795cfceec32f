import type { Caller } from "../request/authenticate.ts";
import type { RequestLog } from "../request/finish.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import type { Responder } from "../server/responder.ts";

/** Something the gateway answers. */
export interface Endpoint {
  /** What the log calls it. */
  readonly name: string;
  readonly method: "GET" | "POST" | "DELETE";
  /** Without `/v1`, which is optional; `{id}` is one segment, `{model+}` one or more. */
  readonly path: string;
  readonly access: "public" | "key";
  serve(call: EndpointCall): Promise<void>;
}

export interface EndpointCall {
  readonly inbound: InboundRequest;
  readonly responder: Responder;
  readonly parameters: Readonly<Record<string, string>>;
  readonly caller: Caller;
  /** Headers every answer carries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: RequestLog;
}
