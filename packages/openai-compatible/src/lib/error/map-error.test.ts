import type { UpstreamFailure } from "@perilune/core/provider";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleProvider, target } from "../../../test/example-provider.ts";

const { chat } = exampleProvider();

function decode(status: number, body: unknown, headers: UpstreamFailure["headers"] = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return chat.decodeError({ status, headers, body: text }, target).facts;
}

describe("the code of an error", () => {
  it.each([
    [400, { error: { message: "bad" } }, "invalid_request", "caller"],
    [400, { error: { message: "x", code: "context_length_exceeded" } }, "context_length_exceeded", "caller"],
    [400, { error: { message: "maximum context length is 5" } }, "context_length_exceeded", "caller"],
    [400, { error: { message: "x", code: "content_filter" } }, "content_filtered", "caller"],
    [401, { error: { message: "x" } }, "authentication", "router"],
    [402, { error: { message: "x" } }, "quota_exhausted", "router"],
    [403, { error: { message: "x" } }, "permission_denied", "router"],
    [404, { error: { message: "The model x does not exist" } }, "model_not_found", "caller"],
    [404, "<html><title>Not Found</title></html>", "upstream_error", "router"],
    [408, "", "upstream_error", "upstream"],
    [413, "", "request_too_large", "caller"],
    [418, "", "invalid_request", "caller"],
    [422, { detail: "x" }, "invalid_request", "caller"],
    [429, { error: { message: "x" } }, "rate_limited", "upstream"],
    [429, { error: { message: "x", type: "insufficient_quota" } }, "quota_exhausted", "router"],
    [429, { error: { message: "The model is overloaded" } }, "overloaded", "upstream"],
    [500, "", "upstream_error", "upstream"],
    [502, "", "upstream_error", "upstream"],
    [503, "", "overloaded", "upstream"],
    [504, "", "attempt_timeout", "upstream"],
    [302, "", "upstream_error", "upstream"],
  ])("%i %j is %s, the %s's", (status, body, code, origin) => {
    expect(decode(status, body)).toMatchObject({ code, origin, upstreamStatus: status });
  });

  it("is the provider's own before it is the general one", () => {
    const errors = {
      rules: [{ status: 400, words: /tea/, means: "unsupported", hint: "Ask for coffee." }],
    } as const;
    const { facts } = exampleProvider({ errors }).chat.decodeError(
      { status: 400, headers: {}, body: '{"error":"no tea today"}' },
      target,
    );
    expect(facts).toMatchObject({ code: "unsupported", message: "no tea today. Ask for coffee." });
  });

  it("leaves open whether a request that timed out behind a gateway was done", () => {
    expect(decode(504, "").failure).toBe("sent_unknown");
    expect(decode(503, "").failure).toBe("answered");
  });
});

describe("the words of an error", () => {
  it.each([
    ["an object", { error: { message: "m", type: "t", code: 7, param: "p" } }, "m"],
    ["a text", { error: "m" }, "m"],
    ["a flat object", { message: "m" }, "m"],
    ["a detail", { detail: "m" }, "m"],
    ["only a type", { error: { type: "t" } }, "t"],
    ["plain text", "m", "m"],
    [
      "a page with a title",
      "<!DOCTYPE html><html><title>\n502 Bad\tGateway </title><p>more",
      "502 Bad Gateway",
    ],
    ["a page without one", "<html><p>more", "The provider answered 500 without a message"],
    ["nothing", "", "The provider answered 500 without a message"],
    ["null", "null", "null"],
  ])("are found in %s", (_name, body, message) => {
    expect(decode(500, body).message).toBe(message);
  });

  it("come with type, code and parameter as sent", () => {
    const body = { error: { message: "m", type: "t", code: 7, param: "p" } };
    expect(decode(500, body)).toMatchObject({ upstreamType: "t", upstreamCode: "7", parameter: "p" });
  });

  it("are bounded and hold no key", () => {
    const { message } = decode(400, { error: { message: `key sk-abc12345 ${"x".repeat(2000)}` } });
    expect(message).toHaveLength(500);
    expect(message).toContain("key sk-… x");
  });
});

describe("the wait an error asks for", () => {
  const date = "Mon, 29 Jul 2024 13:30:43 GMT";
  it.each([
    [{ "retry-after": "3" }, 3000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "3", "retry-after-ms": "1500" }, 1500],
    [{ "retry-after": "Mon, 29 Jul 2024 13:31:43 GMT", date }, 60_000],
    [{ "retry-after": "Mon, 29 Jul 2024 13:00:00 GMT", date }, 0],
    [{ "retry-after": "Mon, 29 Jul 2024 13:31:43 GMT" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "soon", date }, undefined],
    [{}, undefined],
  ])("%j is %s ms", (headers: Record<string, string>, waitMs) => {
    expect(decode(429, "", headers).retryAfterMs).toBe(waitMs);
  });

  it("is looked for in the words when no header has it", () => {
    const errors = { waitMsInWords: (words: string) => Number(words) };
    const { chat } = exampleProvider({ errors });
    const wait = (headers: Record<string, string>) =>
      chat.decodeError({ status: 429, headers, body: '{"error":"7"}' }, target).facts.retryAfterMs;
    expect(wait({})).toBe(7);
    expect(wait({ "retry-after": "1" })).toBe(1000);
  });
});

it("makes an error of any answer, and never throws", () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"error":${json}}`),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
      const { message } = chat.decodeError({ status, headers: {}, body: text }, target);
      expect(message.length).toBeGreaterThan(0);
      expect(message.length).toBeLessThan(600);
    }),
  );
});
