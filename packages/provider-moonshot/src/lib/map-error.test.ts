import type { ErrorCode, ErrorOrigin } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { recorded } from "../../test/recorded.ts";
import { targetOf } from "../../test/target-of.ts";
import { moonshotAdapter } from "../index.ts";

function decode(status: number, body: string, modelId = "kimi-k3", headers: Record<string, string> = {}) {
  return moonshotAdapter.chat.decodeError({ status, headers, body }, targetOf(modelId)).facts;
}

const error = (type: string, message: string) => JSON.stringify({ error: { message, type } });

type Row = readonly [status: number, type: string, message: string, code: ErrorCode, origin: ErrorOrigin];

const account = "Your account org-1<ak-2>";

// Every row of the platform's table of errors, in its order, then what was observed or documented elsewhere.
const documented: readonly Row[] = [
  [
    400,
    "content_filter",
    "The request was rejected because it was considered high risk",
    "content_filtered",
    "caller",
  ],
  [400, "invalid_request_error", "Invalid request: no messages", "invalid_request", "caller"],
  [400, "invalid_request_error", "Input token length too long", "context_length_exceeded", "caller"],
  [
    400,
    "invalid_request_error",
    "Your request exceeded model token limit : 8192",
    "context_length_exceeded",
    "caller",
  ],
  [
    400,
    "invalid_request_error",
    "Invalid purpose: only 'file-extract' accepted",
    "invalid_request",
    "caller",
  ],
  [
    400,
    "invalid_request_error",
    "File size is too large, max file size is 100MB, please confirm and re-upload the file",
    "request_too_large",
    "caller",
  ],
  [
    400,
    "invalid_request_error",
    "File size is zero, please confirm and re-upload the file",
    "invalid_request",
    "caller",
  ],
  [
    400,
    "invalid_request_error",
    "The number of files you have uploaded exceeded the max file count 1000, please delete previous uploaded files",
    "invalid_request",
    "caller",
  ],
  [401, "invalid_authentication_error", "Invalid Authentication", "authentication", "router"],
  [401, "incorrect_api_key_error", "Incorrect API key provided", "authentication", "router"],
  [403, "permission_denied_error", "The API you are accessing is not open", "permission_denied", "router"],
  [
    403,
    "permission_denied_error",
    "You are not allowed to get other user info",
    "permission_denied",
    "router",
  ],
  [
    403,
    "exceeded_current_quota_error",
    `${account} is not active, current state: suspended, you may consider to check your account balance`,
    "quota_exhausted",
    "router",
  ],
  [
    404,
    "resource_not_found_error",
    "Not found the model x or Permission denied",
    "model_not_found",
    "caller",
  ],
  [404, "resource_not_found_error", "Users u1 not found", "invalid_request", "caller"],
  [
    429,
    "engine_overloaded_error",
    "The engine is currently overloaded, please try again later",
    "overloaded",
    "upstream",
  ],
  [
    429,
    "exceeded_current_quota_error",
    `${account} is suspended, please check your plan and billing details`,
    "quota_exhausted",
    "router",
  ],
  [
    429,
    "exceeded_current_quota_error",
    "You exceeded your current token quota: <org-1> 0, please check your account balance",
    "quota_exhausted",
    "router",
  ],
  [
    429,
    "rate_limit_reached_error",
    `${account} request reached organization max concurrency: 1, please try again after 1 seconds`,
    "rate_limited",
    "upstream",
  ],
  [
    429,
    "rate_limit_reached_error",
    `${account} request reached organization max RPM: 3, please try again after 1 seconds`,
    "rate_limited",
    "upstream",
  ],
  [
    429,
    "rate_limit_reached_error",
    `${account} request reached organization TPM rate limit, current:1, limit:1`,
    "rate_limited",
    "upstream",
  ],
  [
    429,
    "rate_limit_reached_error",
    `${account} request reached organization TPD rate limit, current:1, limit:1`,
    "rate_limited",
    "upstream",
  ],
  [499, "client_closed_request", "", "upstream_error", "upstream"],
  [500, "server_error", "Failed to extract file: x", "upstream_error", "upstream"],
  [500, "unexpected_output", "invalid state transition", "upstream_error", "upstream"],
  [503, "server_unavailable", "", "overloaded", "upstream"],
  [
    400,
    "invalid_request_error",
    "Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)",
    "context_length_exceeded",
    "caller",
  ],
  [413, "invalid_request_error", "Request exceeds the maximum size", "request_too_large", "caller"],
  [403, "permission_denied_error", "Insufficient balance, please recharge", "quota_exhausted", "router"],
  [429, "unheard_of", "Your account is in arrears", "quota_exhausted", "router"],
  [429, "unheard_of", "You've reached your usage limit for this period", "quota_exhausted", "router"],
  [429, "unheard_of", "We're receiving too many requests", "rate_limited", "upstream"],
  [429, "unheard_of", "The engine is currently overloaded", "overloaded", "upstream"],
];

describe("the platform's table of errors", () => {
  it.each(documented)("%i %s: %s", (status, type, message, code, origin) => {
    const facts = decode(status, error(type, message));
    expect(facts).toMatchObject({ code, origin, upstreamStatus: status, upstreamType: type });
    expect(facts.message).toContain(message || type);
  });
});

describe("an error in a stream, where no status tells what it is", () => {
  it.each([
    ["engine_overloaded_error", "overloaded"],
    ["rate_limit_reached_error", "rate_limited"],
    ["exceeded_current_quota_error", "quota_exhausted"],
    ["invalid_authentication_error", "authentication"],
    ["incorrect_api_key_error", "authentication"],
    ["permission_denied_error", "permission_denied"],
    ["content_filter", "content_filtered"],
    ["invalid_request_error", "invalid_request"],
    ["server_unavailable", "overloaded"],
    ["server_error", "upstream_error"],
  ])("goes by its type: %s is %s", (type, code) => {
    const decoder = moonshotAdapter.chat.startDecoder(targetOf("kimi-k3"));
    const decode = () => decoder.decode({ event: "", data: error(type, "Sorry") });
    expect(decode).toThrow(expect.objectContaining({ code, message: expect.stringMatching(/^Sorry/) }));
  });
});

describe("recorded errors", () => {
  it.each([
    [400, "error.400.invalid_part_type.json", "invalid_request"],
    [400, "error.400.invalid_temperature.json", "invalid_request"],
    [400, "error.400.message_size.anthropic-endpoint.json", "request_too_large"],
    [401, "error.401.incorrect_api_key.json", "authentication"],
    [401, "error.401.invalid_authentication.type-only.json", "authentication"],
    [404, "error.404.url_not_found.json", "upstream_error"],
    [429, "error.429.engine_overloaded.json", "overloaded"],
    [429, "error.429.exceeded_current_quota.forum.json", "quota_exhausted"],
    [429, "error.429.rate_limit_rpm.json", "rate_limited"],
  ])("%i %s is %s", (status, name, code) => {
    expect(decode(status, recorded(name)).code).toBe(code);
  });

  it("says of an unknown path that the base URL is at fault", () => {
    expect(decode(404, recorded("error.404.url_not_found.json"))).toMatchObject({
      message: "url.not_found. Moonshot does not serve this path; check the base URL.",
      origin: "router",
    });
  });

  it("says of a refused key that the two platforms have keys of their own", () => {
    expect(decode(401, recorded("error.401.incorrect_api_key.json")).message).toBe(
      "Incorrect API key provided. Keys of api.moonshot.ai and api.moonshot.cn are not interchangeable; " +
        "check that the key belongs to the base URL.",
    );
  });
});

describe("answers that are no error objects", () => {
  it.each([
    [
      "an HTML 504",
      504,
      "<html><head><title>504 Gateway Time-out</title></head></html>",
      "attempt_timeout",
      "504 Gateway Time-out",
    ],
    ["an empty 504", 504, "", "attempt_timeout", "The provider answered 504 without a message"],
    ["an empty 429", 429, "", "rate_limited", "The provider answered 429 without a message"],
    ["an empty 500", 500, "", "upstream_error", "The provider answered 500 without a message"],
  ])("%s", (_name, status, body, code, message) => {
    expect(decode(status, body)).toMatchObject({ code, message });
  });
});

describe("the wait", () => {
  const limited = (words: string, headers = {}) =>
    decode(429, error("rate_limit_reached_error", words), "kimi-k3", headers).retryAfterMs;

  it.each([
    ["please try again after 1 seconds", 1000],
    ["please try again after 0.25 seconds", 250],
    ["please try again after 3s", 3000],
    ["please try again later", undefined],
  ])("in “%s” is %s ms", (words, waitMs) => {
    expect(limited(words)).toBe(waitMs);
  });

  it("in a header comes first", () => {
    expect(limited("please try again after 1 seconds", { "retry-after": "7" })).toBe(7000);
  });
});

describe("a model that is not found", () => {
  const notFound = (modelId: string) =>
    decode(
      404,
      error("resource_not_found_error", `Not found the model ${modelId} or Permission denied`),
      modelId,
    ).message;

  it.each([
    ["kimi-k2.5", "kimi-k2.5 was retired by Moonshot on 2026-08-31; kimi-k2.6 replaces it."],
    ["moonshot-v1-8k", "moonshot-v1-8k was retired by Moonshot on 2026-08-31; kimi-k2.6 replaces it."],
    [
      "kimi-thinking-preview",
      "kimi-thinking-preview was retired by Moonshot on 2025-11-11; kimi-k3 replaces it.",
    ],
    [
      "kimi-k2.6",
      "Moonshot has closed kimi-k2.6 to accounts registered since 2026-10-31 and plans to retire it on 2026-12-31.",
    ],
    [
      "moonshot-v1-16k",
      "Moonshot never listed moonshot-v1-16k; the models of its family were retired on 2026-08-31; kimi-k2.6 replaces them.",
    ],
    [
      "moonshot-v1-9k",
      "The nearest name is moonshot-v1-8k, which was retired on 2026-08-31; kimi-k2.6 replaces it.",
    ],
    ["kimi-k3.1-por", "Did you mean kimi-k3.1-pro?"],
  ])("is explained: %s", (modelId, explanation) => {
    expect(notFound(modelId)).toBe(`Not found the model ${modelId} or Permission denied. ${explanation}`);
  });

  it("is left to the provider's words when nothing more is known", () => {
    expect(notFound("zebra")).toBe("Not found the model zebra or Permission denied");
  });
});

describe("an id nobody knows", () => {
  it.each([
    ["kimi-k9", "Did you mean kimi-k3 or kimi-k2.6?"],
    [
      "kimi-k2.6-preview",
      "The nearest name is kimi-k2-0905-preview, which was retired on 2026-05-25; kimi-k2.6 replaces it.",
    ],
  ])("%s is answered with a live model", (modelId, sentence) => {
    const failure = {
      status: 404,
      headers: {},
      body: `{"error":{"message":"Not found the model ${modelId} or Permission denied","type":"resource_not_found_error"}}`,
    };
    const target = targetOf(modelId);
    expect(moonshotAdapter.chat.decodeError(failure, target).message).toContain(sentence);
  });
});
