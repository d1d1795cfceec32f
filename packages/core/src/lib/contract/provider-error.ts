/** Every way a call can fail. What happens next is read from the error table, by code. */
export const errorCodes = [
  "invalid_request",
  "unsupported",
  "context_length_exceeded",
  "request_too_large",
  "content_filtered",
  "model_not_found",
  "authentication",
  "permission_denied",
  "rate_limited",
  "quota_exhausted",
  "overloaded",
  "upstream_error",
  "connection_failed",
  "invalid_response",
  "attempt_timeout",
  "stream_interrupted",
  "deadline_exceeded",
  "cancelled",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Who failed: the caller's request, the router itself, or the provider. */
export type ErrorOrigin = "caller" | "router" | "upstream";

/**
 * Whether the provider may have done (and charged for) the work.
 * `not_sent`: it never saw the request. `sent_unknown`: it may have. `answered`: it said no.
 * `committed`: part of an answer reached the caller.
 */
export type FailureClass = "not_sent" | "sent_unknown" | "answered" | "committed";

export interface ProviderErrorFacts {
  readonly code: ErrorCode;
  /** One sentence for the caller. Holds the provider's own words, never a key, never the conversation. */
  readonly message: string;
  readonly origin: ErrorOrigin;
  readonly failure?: FailureClass;
  readonly providerId?: string;
  readonly modelId?: string;
  /** HTTP status, type and code as the provider sent them. */
  readonly upstreamStatus?: number;
  readonly upstreamType?: string;
  readonly upstreamCode?: string;
  /** How long the provider asks to wait. */
  readonly retryAfterMs?: number;
  /** The request field at fault, as a JSON path. */
  readonly parameter?: string;
  readonly cause?: unknown;
}

/** The one error the contract and the engine throw. */
export class ProviderError extends Error {
  readonly code: ErrorCode;
  readonly origin: ErrorOrigin;
  readonly facts: ProviderErrorFacts;

  constructor(facts: ProviderErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "ProviderError";
    this.code = facts.code;
    this.origin = facts.origin;
    this.facts = facts;
  }

  /** The same error with more known about it, such as the target it happened on. */
  with(more: Partial<ProviderErrorFacts>): ProviderError {
    return new ProviderError({ ...this.facts, ...more });
  }

  /** What a log line may hold: no cause, whose text is not ours to vouch for. */
  toJSON(): Omit<ProviderErrorFacts, "cause"> {
    const { cause: _cause, ...facts } = this.facts;
    return facts;
  }
}

/** Anything thrown, as a ProviderError; what is not one already is our own fault. */
export function toProviderError(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  return new ProviderError({
    code: "internal",
    message: "The router failed while handling the request.",
    origin: "router",
    cause: thrown,
  });
}
