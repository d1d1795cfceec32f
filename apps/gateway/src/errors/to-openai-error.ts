import { errorTable, ProviderError } from "@perilune/core";
import type { ErrorCode } from "@perilune/core";
import { MethodRefusal } from "../request/method-refusal.ts";
import { RequestRefusal } from "../server/request-refusal.ts";

/** What an HTTP client is told about a failure. */
export interface HttpError {
  /** Our own word for it, which the log uses; a client may be told another one it knows. */
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: OpenAiErrorBody;
}

interface OpenAiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    /** Always a string: clients compare it. */
    readonly code: string;
    /** In a stream, where no header can carry it any more. */
    readonly request_id?: string;
  };
}

/** Codes the field's clients already know, where they differ from ours. */
const wireCodes: Partial<Record<ErrorCode, string>> = {
  rate_limited: "rate_limit_exceeded",
  quota_exhausted: "insufficient_quota",
  content_filtered: "content_filter",
};

/** The LiteLLM SDK raises the class it finds named in the text (regex `litellm\.\w+Error`). */
const liteLlmNames: Partial<Record<ErrorCode, string>> = {
  invalid_request: "BadRequestError",
  unsupported: "UnsupportedParamsError",
  request_too_large: "BadRequestError",
  context_length_exceeded: "ContextWindowExceededError",
  content_filtered: "ContentPolicyViolationError",
  model_not_found: "NotFoundError",
  rate_limited: "RateLimitError",
  quota_exhausted: "RateLimitError",
  overloaded: "ServiceUnavailableError",
  upstream_error: "InternalServerError",
  authentication: "InternalServerError",
  permission_denied: "InternalServerError",
  connection_failed: "APIConnectionError",
  stream_interrupted: "APIConnectionError",
  invalid_response: "APIResponseValidationError",
  internal: "InternalServerError",
};

/** A caller's own key at fault is the caller's business; the operator's is a fault of ours. */
const callerKeyFaults: Partial<
  Record<ErrorCode, { status: number; code: string; liteLlm: string; type: string }>
> = {
  authentication: {
    status: 401,
    code: "invalid_api_key",
    liteLlm: "AuthenticationError",
    type: "authentication_error",
  },
  permission_denied: {
    status: 403,
    code: "permission_denied",
    liteLlm: "PermissionDeniedError",
    type: "permission_error",
  },
};

/** LiteLLM's class for a refused request whose status says more than 400. */
const liteLlmNamesByStatus: Readonly<Record<number, string>> = {
  404: "NotFoundError",
  422: "UnprocessableEntityError",
};

export interface ErrorSurroundings {
  /** Whose key was used; the operator's unless it is said. */
  readonly owner?: "operator" | "caller";
  /** The status a forwarded endpoint refused the request with: it may say more than the table, which is about chat. */
  readonly forwardedStatus?: number;
}

/** Any failure of a request, in the OpenAI shape. */
export function toOpenAiError(thrown: unknown, surroundings: ErrorSurroundings = {}): HttpError {
  if (thrown instanceof RequestRefusal) return fromRefusal(thrown);
  if (thrown instanceof ProviderError) return fromProviderError(thrown, surroundings);
  const message = "The gateway failed while handling the request.";
  return fromProviderError(new ProviderError({ code: "internal", message, origin: "router" }), surroundings);
}

function fromProviderError(
  error: ProviderError,
  { owner, forwardedStatus = 0 }: ErrorSurroundings,
): HttpError {
  const policy = errorTable[error.code];
  const own = owner === "caller" ? callerKeyFaults[error.code] : undefined;
  const isRefused = error.code === "invalid_request" && forwardedStatus >= 400 && forwardedStatus < 500;
  const refusedAs = isRefused ? liteLlmNamesByStatus[forwardedStatus] : undefined;
  const liteLlm = own?.liteLlm ?? refusedAs ?? liteLlmNames[error.code];
  return {
    code: error.code,
    status: own?.status ?? (isRefused ? forwardedStatus : policy.status),
    headers: { ...finalError, ...retryAfter(error.facts.retryAfterMs) },
    body: errorBody({
      message: named(error.message, liteLlm),
      type: own?.type ?? policy.type,
      param: error.facts.parameter ?? null,
      code: own?.code ?? wireCodes[error.code] ?? error.code,
    }),
  };
}

interface RefusalWords {
  readonly type: string;
  readonly liteLlm?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refusals whose status says more than that the request was wrong. */
const refusalWords: Partial<Record<RequestRefusal["status"], RefusalWords>> = {
  401: {
    type: "authentication_error",
    liteLlm: "AuthenticationError",
    headers: { "www-authenticate": "Bearer" },
  },
  404: { type: "invalid_request_error", liteLlm: "NotFoundError" },
  408: { type: "timeout_error" },
  // Nothing was begun: another instance may well serve it.
  503: {
    type: "overloaded_error",
    liteLlm: "ServiceUnavailableError",
    headers: { "x-should-retry": "true" },
  },
};

const wrongRequest: RefusalWords = { type: "invalid_request_error", liteLlm: "BadRequestError" };

function fromRefusal(refusal: RequestRefusal): HttpError {
  const { type, liteLlm, headers } = refusalWords[refusal.status] ?? wrongRequest;
  return {
    code: refusal.code,
    status: refusal.status,
    headers: { ...finalError, ...headers, ...(refusal instanceof MethodRefusal && { allow: refusal.allow }) },
    body: errorBody({
      message: named(refusal.message, liteLlm),
      type,
      param: refusal.parameter ?? null,
      code: refusal.code,
    }),
  };
}

function named(message: string, liteLlm: string | undefined): string {
  return liteLlm === undefined ? message : `${message} (litellm.${liteLlm})`;
}

function errorBody(error: OpenAiErrorBody["error"]): OpenAiErrorBody {
  return { error };
}

/** The gateway has done what may be done: an SDK that tried again would multiply the attempts. */
const finalError = { "x-should-retry": "false" };

function retryAfter(waitMs: number | undefined): Record<string, string> {
  if (waitMs === undefined) return {};
  return { "retry-after": String(Math.ceil(waitMs / 1000)), "retry-after-ms": String(Math.ceil(waitMs)) };
}
