import { TransportError } from "./transport.ts";
import type { TransportFault } from "./transport.ts";

/** Error codes of Node and undici after which the provider cannot have seen the request. */
const notSent: Readonly<Record<string, TransportFault>> = {
  UND_ERR_INVALID_ARG: "unsendable",
  UND_ERR_CLOSED: "closed",
  ENOTFOUND: "refused",
  EAI_AGAIN: "refused",
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  EADDRNOTAVAIL: "refused",
  ERR_TLS_CERT_ALTNAME_INVALID: "refused",
  CERT_HAS_EXPIRED: "refused",
  CERT_NOT_YET_VALID: "refused",
  CERT_REVOKED: "refused",
  DEPTH_ZERO_SELF_SIGNED_CERT: "refused",
  SELF_SIGNED_CERT_IN_CHAIN: "refused",
  UNABLE_TO_GET_ISSUER_CERT: "refused",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "refused",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "refused",
  ERR_SSL_WRONG_VERSION_NUMBER: "refused",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ETIMEDOUT: "connect_timeout",
};

const sentUnknown: Readonly<Record<string, TransportFault>> = {
  UND_ERR_HEADERS_TIMEOUT: "headers_timeout",
  UND_ERR_BODY_TIMEOUT: "idle_timeout",
  UND_ERR_HEADERS_OVERFLOW: "protocol",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "protocol",
};

const sentences: Readonly<Record<TransportFault, string>> = {
  unsendable: "could not be sent this request: it is not valid HTTP",
  closed: "was not asked: the router is closed",
  saturated: "has every connection from here in use",
  refused: "could not connect",
  connect_timeout: "did not accept a connection in time",
  reset: "closed the connection before the answer was complete",
  headers_timeout: "did not begin to answer in time",
  idle_timeout: "went silent in the middle of the answer",
  protocol: "answered with something that is not valid HTTP",
};

/** A network library's error → ours, with the question every retry asks already answered: was it sent? */
export function classifyNetworkError(error: unknown): TransportError {
  const code = networkErrorCode(error);
  const early = notSent[code];
  if (early !== undefined && !isOnOpenConnection(error)) return describe(early, "not_sent", code, error);
  const late = sentUnknown[code] ?? (code.startsWith("HPE_") ? "protocol" : "reset");
  return describe(late, "sent_unknown", code, error);
}

/** ETIMEDOUT and EHOSTUNREACH also end connections that were open: then the request may have been seen. */
function isOnOpenConnection(error: unknown): boolean {
  return (
    error instanceof Error && "syscall" in error && (error.syscall === "read" || error.syscall === "write")
  );
}

function describe(fault: TransportFault, failure: "not_sent" | "sent_unknown", code: string, cause: unknown) {
  const suffix = code === "" ? "" : ` (${code})`;
  return new TransportError(fault, failure, `${sentences[fault]}${suffix}`, cause);
}

/** Node wraps the failures of several addresses in an AggregateError; the first one tells. */
function networkErrorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  // undici 8.12 leaves out the code when its parser meets what is not HTTP at all.
  if (error instanceof Error && error.name === "HTTPParserError") return "HPE_UNKNOWN";
  if (error instanceof AggregateError) return networkErrorCode(error.errors[0]);
  return "cause" in error ? networkErrorCode(error.cause) : "";
}
