import { RequestRefusal } from "./request-refusal.ts";

/** What Node reports about bytes that are no request. `rawPacket` is the packet in which it gave up. */
export interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Uint8Array;
}

/** The refusal for an error of Node's parser; undefined when the error is the socket's own and nobody listens. */
export function parserRefusal(
  { code = "", rawPacket }: ParserError,
  maxTargetBytes: number,
): RequestRefusal | undefined {
  if (code === "HPE_HEADER_OVERFLOW") return headOverflow(rawPacket, maxTargetBytes);
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") {
    return new RequestRefusal(413, "chunk_extensions_too_large", "The chunk extensions are too large.");
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new RequestRefusal(408, "request_timeout", "The request did not arrive in time.");
  }
  if (!code.startsWith("HPE_")) return undefined;
  return new RequestRefusal(400, "malformed_request", "The request is not valid HTTP/1.1.");
}

const requestLine = /^[A-Z]+ [^\r\n]*/;

/** Node counts request line and headers together; a packet that begins with the request line tells which was too long. */
function headOverflow(packet: Uint8Array | undefined, maxTargetBytes: number): RequestRefusal {
  const line = requestLine.exec(Buffer.from(packet ?? []).toString("latin1"))?.[0] ?? "";
  return line.length > maxTargetBytes
    ? new RequestRefusal(414, "target_too_long", "The request target is too long.")
    : new RequestRefusal(431, "headers_too_large", "The request headers are too large.");
}
