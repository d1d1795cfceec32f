import type { FailureClass } from "../contract/provider-error.ts";

/**
 * The one way out: everything that leaves the process goes through a Transport. It pushes, so that a caller
 * who wants to can move bytes from socket to socket without a promise in between.
 */
export interface Transport {
  /**
   * Starts a request. The receiver hears `onHeaders` at most once, then exactly one of `onEnd`, `onError`;
   * `onEnd` only after `onHeaders`.
   */
  dispatch(request: TransportRequest, receiver: TransportReceiver): TransportCall;
  /** Closes idle connections and refuses new requests; resolves when those under way have ended. */
  close(): Promise<void>;
}

export interface TransportRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query, starting with a slash. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Longest wait for the response headers once the request is sent. */
  readonly headersTimeoutMs: number;
  /** Longest silence within the response body. */
  readonly idleTimeoutMs: number;
}

export interface TransportReceiver {
  /** Header names in lower case; repeated headers joined by a comma. */
  onHeaders(status: number, headers: Readonly<Record<string, string>>): void;
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: TransportError): void;
}

export interface TransportCall {
  pause(): void;
  resume(): void;
  /** Closes the connection. The receiver hears nothing more. */
  abort(): void;
}

export type TransportFault =
  | "unsendable"
  | "closed"
  /** Every connection this transport may open is in use. */
  | "saturated"
  | "refused"
  | "connect_timeout"
  | "reset"
  | "headers_timeout"
  | "idle_timeout"
  | "protocol";

/** A failure below HTTP: no complete answer came. */
export class TransportError extends Error {
  readonly fault: TransportFault;
  /** Whether the provider may have seen the request. */
  readonly failure: Extract<FailureClass, "not_sent" | "sent_unknown">;

  constructor(fault: TransportFault, failure: "not_sent" | "sent_unknown", message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TransportError";
    this.fault = fault;
    this.failure = failure;
  }
}
