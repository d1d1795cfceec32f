import type { ErrorCode } from "./provider-error.ts";

/** What the engine does about an error, and what a client over HTTP is told. */
export interface ErrorPolicy {
  /** Ask the same target again? `after_wait`: only once the provider's wait has passed. */
  readonly retrySameTarget: "no" | "with_backoff" | "after_wait";
  /** Ask the next target? `larger_window` and `if_capable` narrow the choice; `before_commit`: only then. */
  readonly nextTarget: "no" | "yes" | "if_capable" | "larger_window" | "if_allowed" | "before_commit";
  /** What it says about the target's health; `credential_out` concerns the key, not the host. */
  readonly hurtsHealth: "no" | "soft" | "yes" | "credential_out";
  /** HTTP status for the client. */
  readonly status: number;
  /** `error.type` for the client, in OpenAI's vocabulary. */
  readonly type: string;
}

const noOneElse = { retrySameTarget: "no", nextTarget: "no", hurtsHealth: "no" } as const;

/** The only source of decisions after a failure: a table, not code. */
export const errorTable: Readonly<Record<ErrorCode, ErrorPolicy>> = {
  invalid_request: { ...noOneElse, status: 400, type: "invalid_request_error" },
  unsupported: { ...noOneElse, nextTarget: "if_capable", status: 400, type: "invalid_request_error" },
  context_length_exceeded: {
    ...noOneElse,
    nextTarget: "larger_window",
    status: 400,
    type: "invalid_request_error",
  },
  request_too_large: { ...noOneElse, nextTarget: "yes", status: 413, type: "invalid_request_error" },
  content_filtered: { ...noOneElse, nextTarget: "if_allowed", status: 400, type: "content_filter" },
  model_not_found: { ...noOneElse, nextTarget: "yes", status: 404, type: "invalid_request_error" },
  authentication: {
    retrySameTarget: "no",
    nextTarget: "yes",
    hurtsHealth: "credential_out",
    status: 502,
    type: "upstream_error",
  },
  permission_denied: {
    retrySameTarget: "no",
    nextTarget: "yes",
    hurtsHealth: "credential_out",
    status: 502,
    type: "upstream_error",
  },
  rate_limited: {
    retrySameTarget: "after_wait",
    nextTarget: "yes",
    hurtsHealth: "soft",
    status: 429,
    type: "rate_limit_error",
  },
  quota_exhausted: {
    retrySameTarget: "no",
    nextTarget: "yes",
    hurtsHealth: "credential_out",
    status: 429,
    type: "insufficient_quota",
  },
  overloaded: {
    retrySameTarget: "with_backoff",
    nextTarget: "yes",
    hurtsHealth: "yes",
    status: 503,
    type: "overloaded_error",
  },
  upstream_error: {
    retrySameTarget: "with_backoff",
    nextTarget: "yes",
    hurtsHealth: "yes",
    status: 502,
    type: "upstream_error",
  },
  connection_failed: {
    retrySameTarget: "with_backoff",
    nextTarget: "yes",
    hurtsHealth: "yes",
    status: 502,
    type: "upstream_error",
  },
  invalid_response: {
    retrySameTarget: "with_backoff",
    nextTarget: "yes",
    hurtsHealth: "yes",
    status: 502,
    type: "upstream_error",
  },
  attempt_timeout: {
    retrySameTarget: "no",
    nextTarget: "yes",
    hurtsHealth: "yes",
    status: 504,
    type: "timeout_error",
  },
  stream_interrupted: {
    retrySameTarget: "no",
    nextTarget: "before_commit",
    hurtsHealth: "yes",
    status: 502,
    type: "upstream_error",
  },
  deadline_exceeded: { ...noOneElse, status: 504, type: "timeout_error" },
  cancelled: { ...noOneElse, status: 499, type: "request_cancelled" },
  internal: { ...noOneElse, status: 500, type: "internal_server_error" },
};
