import { STATUS_CODES } from "node:http";
import type { RequestRefusal } from "./request-refusal.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The answer to a refused request, in the OpenAI error shape. */
export function refusalAnswer({ status, code, message, parameter }: RequestRefusal): Answer {
  const type = status === 503 ? "server_error" : "invalid_request_error";
  return errorAnswer(status, { message, type, param: parameter ?? null, code });
}

/** The answer to a request that met a mistake of ours; what went wrong stays in our log. */
export function internalErrorAnswer(): Answer {
  const message = "The gateway failed to serve this request. Its log has the cause under the request id.";
  return errorAnswer(500, { message, type: "server_error", param: null, code: "internal_error" });
}

/** Names the request in every answer. Portkey's clients send a request again when the trace id is empty. */
export function identityHeaders(requestId: string, traceId: string): Record<string, string> {
  return { "x-request-id": requestId, "x-portkey-trace-id": traceId };
}

/** The bytes of a refusal for a connection on which no request was recognised. */
export function rawRefusal(refusal: RequestRefusal, requestId: string): string {
  const { status, headers, body } = refusalAnswer(refusal);
  const lines = Object.entries({
    ...headers,
    ...identityHeaders(requestId, requestId),
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}

interface ErrorFields {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

function errorAnswer(status: number, error: ErrorFields): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ error }) };
}
