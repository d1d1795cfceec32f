import { STATUS_CODES } from "node:http";
import type { RequestRefusal } from "./request-refusal.ts";

/** What a client gets instead of what it asked for. Header names are lower-case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The words for what the server itself answers: a refusal, or anything else as a mistake of ours. */
export type EncodeRefusal = (error: unknown, requestId: string) => Answer;

/** A request that the server answered itself, because no handler could. */
export interface RefusedRequest {
  readonly requestId: string;
  /** Undefined where the bytes were not read as far as that. */
  readonly method: string | undefined;
  readonly status: number;
  /** The refusal's code; `internal` for a mistake of ours. */
  readonly code: string;
  readonly delivery: "sent" | "client_gone";
}

/** Names the request in every answer. Portkey's clients send a request again when the trace id is empty. */
export function identityHeaders(requestId: string, traceId: string): Record<string, string> {
  return { "x-request-id": requestId, "x-portkey-trace-id": traceId };
}

/** The bytes of a refusal for a connection on which no request was recognised. */
export function rawRefusal(refusal: RequestRefusal, requestId: string, encode: EncodeRefusal): string {
  const { status, headers, body } = encode(refusal, requestId);
  const lines = Object.entries({
    ...headers,
    ...identityHeaders(requestId, requestId),
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}
