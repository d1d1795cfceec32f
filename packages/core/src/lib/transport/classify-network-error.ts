import { TransportError } from "./transport.ts";
import type { TransportFault } from "./transport.ts";

/** Error codes of Node and undici after which the provider cannot have seen the request. */
const notSent: Readonly<Record<string, TransportFault>> = {
  ENOTFOUND: "refused",
  EAI_AGAIN: "refused",
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  EADDRNOTAVAIL: "refused",
  ERR_TLS_CERT_ALTNAME_INVALID: "refused",
  CERT_HAS_EXPIRED: "refused",
  DEPTH_ZERO_SELF_SIGNED_CERT: "refused",
  SELF_SIGNED_CERT_IN_CHAIN: "refused",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "refused",
  ERR_SSL_WRONG_VERSION_NUMBER: "refused",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ETIMEDOUT: "connect_timeout",
};

const sentUnknown: Readonly<Record<string, TransportFault>> = {
  UND_ERR_HEADERS_TIMEOUT: "headers_timeout",
  UND_ERR_BODY_TIMEOUT: "idle_timeout",
  HPE_INVALID_CONSTANT: "protocol",
  UND_ERR_HEADERS_OVERFLOW: "protocol",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "protocol",
};

const sentences: Readonly<Record<TransportFault, string>> = {
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
  if (early !== undefined) return describe(early, "not_sent", code, error);
  const late = sentUnknown[code] ?? (code.startsWith("HPE_") ? "protocol" : "reset");
  return describe(late, "sent_unknown", code, error);
}

function describe(fault: TransportFault, failure: "not_sent" | "sent_unknown", code: string, cause: unknown) {
  const suffix = code === "" ? "" : ` (${code})`;
  return new TransportError(fault, failure, `${sentences[fault]}${suffix}`, cause);
}

/** Node wraps the failures of several addresses in an AggregateError; the first one tells. */
function networkErrorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return networkErrorCode(error.errors[0]);
  return "cause" in error ? networkErrorCode(error.cause) : "";
}
