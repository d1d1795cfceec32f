import type { Replay } from "@perilune/moonshot-simulator";
import { describe, expect, it } from "vitest";
import { errorOf, hello, startGateway } from "./start-gateway.ts";
import type { WireError } from "./start-gateway.ts";

const answers = (status: number, body: string, more: Partial<Replay> = {}): Replay => ({
  match: () => true,
  status,
  body,
  ...more,
});
const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';
const error = (type: string, message: string) => JSON.stringify({ error: { type, message } });

type Told = [status: number, code: string];

/** What went wrong upstream → what is told of it; in a stream where that differs. */
const failures: [string, Replay, Told, Told?][] = [
  ["a 200 with an error body", answers(200, error("engine_overloaded_error", "busy")), [503, "overloaded"]],
  ["an empty 200", answers(200, ""), [502, "invalid_response"]],
  [
    "a 200 of another kind",
    answers(200, "<html>hi</html>", { headers: { "Content-Type": "text/html" } }),
    [502, "invalid_response"],
    [502, "stream_interrupted"],
  ],
  ["an HTML 504", answers(504, "<html><title>504 Gateway Time-out</title></html>"), [504, "attempt_timeout"]],
  ["an empty 500", answers(500, ""), [502, "upstream_error"]],
  ["a redirect", answers(302, "", { headers: { Location: "http://127.0.0.1:1/" } }), [502, "upstream_error"]],
  [
    "a rate limit",
    answers(429, error("rate_limit_reached_error", "please try again after 2 seconds")),
    [429, "rate_limit_exceeded"],
  ],
  [
    "an empty account",
    answers(429, error("exceeded_current_quota_error", "pay")),
    [429, "insufficient_quota"],
  ],
  [
    "a refused key of the operator's",
    answers(401, error("invalid_authentication_error", "no")),
    [502, "authentication"],
  ],
  [
    "a refused prompt",
    answers(400, error("content_filter", "considered high risk")),
    [400, "content_filter"],
  ],
  [
    "a long prompt",
    answers(400, error("invalid_request_error", "exceeded model token limit: 8192")),
    [400, "context_length_exceeded"],
  ],
  [
    "an unknown model",
    answers(404, error("resource_not_found_error", "Not found the model x")),
    [404, "model_not_found"],
  ],
];

const errorEvent = answers(200, `data: ${error("engine_overloaded_error", "busy")}\n\n`);

it("an error as the first event of a stream is told by its status", async () => {
  await using gateway = await startGateway({ simulator: { replays: [errorEvent] } });
  const response = await gateway.post("/chat/completions", { ...hello, stream: true });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, "overloaded"]);
});

describe.each(failures)("%s", (_, replay, whole, streamed = whole) => {
  it.each([false, true])("is an error of its class, streaming: %s", async (stream) => {
    await using gateway = await startGateway({ simulator: { replays: [replay] } });
    const response = await gateway.post("/chat/completions", { ...hello, stream });
    const { code } = await errorOf(response);
    expect([response.status, code]).toEqual(stream ? streamed : whole);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("x-portkey-trace-id")).toBe(response.headers.get("x-request-id"));
    expect(response.headers.get("x-litellm-model-id")).toBe("chat-1");
    expect(response.headers.get("x-perilune-attempts")).toMatch(
      /^1;deployment=chat-1;.*;outcome=\w+;ms=\d+$/,
    );
    // One attempt, however tempting another one is.
    expect(gateway.simulator.requests).toHaveLength(1);
  });
});

it("says how long to wait where the provider says it", async () => {
  const replay = answers(429, error("rate_limit_reached_error", "please try again after 2 seconds"));
  await using gateway = await startGateway({ simulator: { replays: [replay] } });
  const response = await gateway.post("/chat/completions", hello);
  await response.arrayBuffer();
  expect(response.headers.get("retry-after")).toBe("2");
});

it("an upstream that is down is a failed connection", async () => {
  await using gateway = await startGateway({ baseUrl: "http://127.0.0.1:1/v1" });
  const response = await gateway.post("/chat/completions", hello);
  expect([response.status, (await errorOf(response)).code]).toEqual([502, "connection_failed"]);
});

describe("an error in the middle of a stream", () => {
  it("is an error event in both spellings, with the request's id and without [DONE]", async () => {
    const body = `${chunk}data: ${error("engine_overloaded_error", "busy")}\n\n`;
    await using gateway = await startGateway({ simulator: { replays: [answers(200, body)] } });
    const response = await gateway.post("/chat/completions", { ...hello, stream: true });
    const [first, second = ""] = (await response.text()).split("\n\n");
    expect(`${first}\n\n`).toBe(chunk);
    expect(second).toMatch(/^event: error\ndata: /);
    const told = JSON.parse(second.slice(second.indexOf("{"))) as WireError & { message: string };
    expect(told).toMatchObject({
      message: told.error.message,
      error: { code: "overloaded", request_id: response.headers.get("x-request-id") },
    });
    expect(second).not.toContain("[DONE]");
    const [line] = await gateway.requestLines();
    expect(line).toMatchObject({ status: 200, errorCode: "overloaded" });
  });
});

const slow = (parameters: object) => ({
  model_list: [
    {
      model_name: "chat",
      litellm_params: { model: "moonshot/moonshot-v1-8k", ...parameters },
      model_info: { id: "chat-1" },
    },
  ],
});

describe("a provider that takes too long", () => {
  it("to begin a stream is a timeout", async () => {
    await using gateway = await startGateway({
      simulator: { faults: [{ delayMs: 5_000 }] },
      config: slow({ stream_timeout: 0.05 }),
    });
    const response = await gateway.post("/chat/completions", { ...hello, stream: true });
    expect([response.status, (await errorOf(response)).code]).toEqual([504, "attempt_timeout"]);
  });

  it("for the whole answer is a timeout", async () => {
    await using gateway = await startGateway({
      simulator: { faults: [{ delayMs: 5_000 }] },
      config: slow({ timeout: 0.05 }),
    });
    const response = await gateway.post("/chat/completions", hello);
    expect([response.status, (await errorOf(response)).code]).toEqual([504, "attempt_timeout"]);
  });

  it("in the middle of a stream is an interrupted stream", async () => {
    await using gateway = await startGateway({
      simulator: { faults: [{ stream: { afterFrames: 3, ending: "stall" } }] },
      config: slow({ stream_idle_timeout: 0.05 }),
    });
    const response = await gateway.post("/chat/completions", { ...hello, stream: true });
    const text = await response.text();
    expect(text).toContain('"code":"stream_interrupted"');
    expect(text).toContain("went silent in the middle of the answer within 50 ms");
    expect(text).not.toContain("[DONE]");
  });

  it.each([
    ["x-portkey-request-timeout", "50", {}],
    ["x-litellm-timeout", "0.05", {}],
    ["x-other", "", { timeout: 0.05 }],
  ])("by the caller's own limit in %s %s %j exceeds a deadline", async (name, value, fields) => {
    await using gateway = await startGateway({ simulator: { faults: [{ delayMs: 5_000 }] } });
    const response = await gateway.post("/chat/completions", { ...hello, ...fields }, { [name]: value });
    expect([response.status, (await errorOf(response)).code]).toEqual([504, "deadline_exceeded"]);
  });

  it("is waited for when the caller's limit is longer than a timer can be set", async () => {
    await using gateway = await startGateway();
    const response = await gateway.post("/chat/completions", { ...hello, timeout: 1e9 });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
  });
});
