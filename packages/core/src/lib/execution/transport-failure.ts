import type { ErrorCode } from "../contract/provider-error.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { TransportError, TransportFault } from "../transport/transport.ts";

const codes: Readonly<Record<TransportFault, ErrorCode>> = {
  unsendable: "internal",
  closed: "internal",
  saturated: "overloaded",
  refused: "connection_failed",
  connect_timeout: "attempt_timeout",
  headers_timeout: "attempt_timeout",
  reset: "stream_interrupted",
  idle_timeout: "stream_interrupted",
  protocol: "stream_interrupted",
};

/** Says nothing about the provider. */
const oursToAnswerFor: ReadonlySet<TransportFault> = new Set(["unsendable", "closed", "saturated"]);

/** Nothing of a stream can be interrupted before it began. */
const codesBeforeTheAnswer: Partial<Record<TransportFault, ErrorCode>> = {
  reset: "connection_failed",
  protocol: "invalid_response",
};

/** A failure below HTTP, in the engine's words; `hasBegun` tells whether any of the answer had come. */
export function transportFailure(
  error: TransportError,
  providerId: string,
  hasBegun: boolean,
): ProviderError {
  const code = hasBegun ? codes[error.fault] : (codesBeforeTheAnswer[error.fault] ?? codes[error.fault]);
  return new ProviderError({
    code,
    message: `${providerId} ${error.message}.`,
    origin: oursToAnswerFor.has(error.fault) ? "router" : "upstream",
    failure: error.failure,
    providerId,
    cause: error,
  });
}
