import { errorCodes, errorTable, ProviderError } from "@perilune/core";
import { describe, expect, it } from "vitest";
import { MethodRefusal } from "../request/method-refusal.ts";
import { RequestRefusal } from "../server/request-refusal.ts";
import { toOpenAiError } from "./to-openai-error.ts";

/** Code → what the operator's client sees, and the name LiteLLM's clients raise by. */
const asOperator: Record<(typeof errorCodes)[number], [status: number, code: string, liteLlm: string]> = {
  invalid_request: [400, "invalid_request", "BadRequestError"],
  unsupported: [400, "unsupported", "UnsupportedParamsError"],
  context_length_exceeded: [400, "context_length_exceeded", "ContextWindowExceededError"],
  request_too_large: [413, "request_too_large", "BadRequestError"],
  content_filtered: [400, "content_filter", "ContentPolicyViolationError"],
  model_not_found: [404, "model_not_found", "NotFoundError"],
  authentication: [502, "authentication", "InternalServerError"],
  permission_denied: [502, "permission_denied", "InternalServerError"],
  rate_limited: [429, "rate_limit_exceeded", "RateLimitError"],
  quota_exhausted: [429, "insufficient_quota", "RateLimitError"],
  overloaded: [503, "overloaded", "ServiceUnavailableError"],
  upstream_error: [502, "upstream_error", "InternalServerError"],
  connection_failed: [502, "connection_failed", "APIConnectionError"],
  invalid_response: [502, "invalid_response", "APIResponseValidationError"],
  attempt_timeout: [504, "attempt_timeout", ""],
  stream_interrupted: [502, "stream_interrupted", "APIConnectionError"],
  deadline_exceeded: [504, "deadline_exceeded", ""],
  cancelled: [499, "cancelled", ""],
  internal: [500, "internal", "InternalServerError"],
};

const asCaller: Partial<typeof asOperator> = {
  authentication: [401, "invalid_api_key", "AuthenticationError"],
  permission_denied: [403, "permission_denied", "PermissionDeniedError"],
};

const rows = errorCodes.flatMap((code) =>
  (["operator", "caller"] as const).map((owner) => ({ code, owner })),
);

describe("an error of the engine", () => {
  it.each(rows)(
    "$code with a key of the $owner has its status, its string code and its name",
    ({ code, owner }) => {
      const [status, wireCode, liteLlm] = (owner === "caller" && asCaller[code]) || asOperator[code];
      const error = new ProviderError({ code, message: "No.", origin: "upstream", parameter: "messages[0]" });
      const told = toOpenAiError(error, { owner });
      expect(told.status).toBe(status);
      expect(told.headers["x-should-retry"]).toBe("false");
      expect(told.body.error).toMatchObject({
        message: liteLlm === "" ? "No." : `No. (litellm.${liteLlm})`,
        param: "messages[0]",
        code: wireCode,
      });
    },
  );

  it.each(errorCodes)("%s has the type of the error table for the operator", (code) => {
    const error = new ProviderError({ code, message: "No.", origin: "upstream" });
    expect(toOpenAiError(error).body.error.type).toBe(errorTable[code].type);
  });

  it("says how long to wait in seconds and in milliseconds, rounded up", () => {
    const error = new ProviderError({
      code: "rate_limited",
      message: "Slow down.",
      origin: "upstream",
      retryAfterMs: 1_200.4,
    });
    expect(toOpenAiError(error).headers).toMatchObject({ "retry-after": "2", "retry-after-ms": "1201" });
  });
});

describe("a refusal", () => {
  it.each([
    [400, "invalid_request_error", "BadRequestError"],
    [401, "authentication_error", "AuthenticationError"],
    [404, "invalid_request_error", "NotFoundError"],
    [413, "invalid_request_error", "BadRequestError"],
    [503, "overloaded_error", "ServiceUnavailableError"],
  ] as const)("with status %i has the type %s and the name %s", (status, type, liteLlm) => {
    const told = toOpenAiError(new RequestRefusal(status, "some_code", "No.", "x-header"));
    expect(told.status).toBe(status);
    expect(told.body.error).toEqual({
      message: `No. (litellm.${liteLlm})`,
      type,
      param: "x-header",
      code: "some_code",
    });
  });

  it("for a wrong method lists the right ones", () => {
    expect(toOpenAiError(new MethodRefusal("/models", ["GET", "POST"])).headers["allow"]).toBe("GET, POST");
  });

  it("for a missing key names the scheme, as RFC 9110 asks", () => {
    const told = toOpenAiError(new RequestRefusal(401, "invalid_api_key", "No."));
    expect(told.headers["www-authenticate"]).toBe("Bearer");
  });

  it("during a shutdown invites another try, because nothing was begun", () => {
    const told = toOpenAiError(new RequestRefusal(503, "shutting_down", "Later."));
    expect(told.headers["x-should-retry"]).toBe("true");
  });
});

it("says nothing of a fault of ours but that there was one", () => {
  const told = toOpenAiError(new TypeError("cannot read the secret sk-123"));
  expect(told.status).toBe(500);
  expect(JSON.stringify(told)).not.toContain("sk-123");
});
