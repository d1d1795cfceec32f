import type { ErrorRule } from "./error-rule.ts";

/**
 * What errors mean where a provider's own table has no row: OpenAI's types and codes (API reference, 2026) and
 * wordings that compatible servers share, then the bare HTTP status.
 */
export const genericErrors: readonly ErrorRule[] = [
  { code: "context_length_exceeded", means: "context_length_exceeded" },
  {
    words: /maximum context length|context (length|window).{0,20}exceed|prompt is too long/i,
    means: "context_length_exceeded",
  },
  { code: "content_filter", means: "content_filtered" },
  { code: "content_policy_violation", means: "content_filtered" },
  { type: "content_filter", means: "content_filtered" },
  { type: "insufficient_quota", means: "quota_exhausted" },
  { code: "insufficient_quota", means: "quota_exhausted" },
  {
    words: /insufficient (account )?(balance|quota|credit)|exceeded your current (token )?quota/i,
    means: "quota_exhausted",
  },
  { code: "invalid_api_key", means: "authentication" },
  { type: "authentication_error", means: "authentication" },
  { type: "permission_error", means: "permission_denied" },
  { code: "model_not_found", means: "model_not_found" },
  { type: "overloaded_error", means: "overloaded" },
  { status: 429, words: /overloaded/i, means: "overloaded" },
  { type: "rate_limit_error", means: "rate_limited" },
  { code: "rate_limit_exceeded", means: "rate_limited" },
  { status: 400, means: "invalid_request" },
  { status: 401, means: "authentication" },
  { status: 402, means: "quota_exhausted" },
  { status: 403, means: "permission_denied" },
  { status: 404, words: /model/i, means: "model_not_found" },
  {
    status: 404,
    means: "upstream_error",
    origin: "router",
    hint: "The provider does not serve this path; check the base URL.",
  },
  { status: 413, means: "request_too_large" },
  { status: 415, means: "invalid_request" },
  { status: 422, means: "invalid_request" },
  { status: 429, means: "rate_limited" },
  { status: 503, means: "overloaded" },
  { status: 504, means: "attempt_timeout" },
  { status: 524, means: "attempt_timeout" },
  { status: 529, means: "overloaded" },
  { type: "invalid_request_error", means: "invalid_request" },
];
