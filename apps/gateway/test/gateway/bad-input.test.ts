import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openRaw } from "../raw-http.ts";
import { errorOf, hello, masterKey, startGateway } from "./start-gateway.ts";
import type { TestGateway, WireError } from "./start-gateway.ts";

const headers = { authorization: `Bearer ${masterKey}` };
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ config: { general_settings: { master_key: masterKey } } });
});
afterAll(() => gateway[Symbol.asyncDispose]());
afterEach(async () => {
  const response = await gateway.post("/v1/chat/completions", hello, headers);
  await response.arrayBuffer();
  expect(response.status).toBe(200);
});

const messages = hello.messages;

describe("a request that cannot be served is told why in the OpenAI shape", () => {
  it.each([
    ["no JSON", "{", 400, "invalid_json", null, "it ends too early"],
    ["no object", "[1]", 400, "invalid_json", null, "has to be a JSON object"],
    ["no model", { messages }, 400, "invalid_request", "model", "model:"],
    ["a model of the wrong type", { model: 7, messages }, 400, "invalid_request", "model", "model:"],
    ["an empty model", { model: "", messages }, 400, "invalid_request", "model", "model:"],
    ["a model name of a page", { model: "m".repeat(257), messages }, 400, "invalid_request", "model", "256"],
    ["no messages", { model: "chat" }, 400, "invalid_request", "messages", "messages:"],
    [
      "an unknown role",
      { model: "chat", messages: [messages[0], { role: "x" }] },
      400,
      "invalid_request",
      "messages[1].role",
      "messages[1].role:",
    ],
    [
      "a temperature of text",
      { ...hello, temperature: "hot" },
      400,
      "invalid_request",
      "temperature",
      "temperature:",
    ],
    [
      "a limit with more digits than a number",
      '{"model":"chat","messages":[{"role":"user","content":"x"}],"max_tokens":1234567890123456789012.5}',
      400,
      "invalid_request",
      "max_tokens",
      "max_tokens:",
    ],
    [
      "a model of digits",
      '{"model":12345678901234567890,"messages":[]}',
      400,
      "invalid_request",
      "model",
      "model:",
    ],
    [
      "an address of one's own",
      { ...hello, api_base: "http://evil" },
      400,
      "invalid_request",
      "api_base",
      "configuration",
    ],
    [
      "an unknown role, with those there are",
      { model: "chat", messages: [{ role: "moon", content: "x" }] },
      400,
      "invalid_request",
      "messages[0].role",
      "expected one of system, developer, user, assistant, tool, function",
    ],
    ["an unknown model", { ...hello, model: "moonshot-v1-8" }, 404, "model_not_found", null, "moonshot-v1-8"],
    [
      "a misspelled model",
      { ...hello, model: "chatt" },
      404,
      "model_not_found",
      "model",
      'Did you mean "chat"',
    ],
  ])("%s", async (_, body, status, code, parameter, words) => {
    const response = await gateway.post("/v1/chat/completions", body, headers);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, parameter]);
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/\(litellm\.\w+Error\)/);
    expect(response.headers.get("x-should-retry")).toBe("false");
  });

  it.each(["x-portkey-config", "x-portkey-custom-host"])(
    "the header %s, which would change the route",
    async (name) => {
      const response = await gateway.post("/chat/completions", hello, { ...headers, [name]: "x" });
      expect((await errorOf(response)).param).toBe(name);
    },
  );

  it("a body of 11 MB, before it is read", async () => {
    const response = await gateway.post("/chat/completions", "x".repeat(11 * 1024 * 1024), headers);
    expect([response.status, (await errorOf(response)).code]).toEqual([413, "request_too_large"]);
  });

  it.each(["/chat/completion", "/v1", "/v2/models", "/"])("the unknown route %s", async (path) => {
    const response = await gateway.post(path, hello, headers);
    expect([response.status, (await errorOf(response)).code]).toEqual([404, "unknown_route"]);
  });

  it.each([
    ["GET", "/chat/completions", "POST"],
    ["PUT", "/v1/files/x", "GET, HEAD, DELETE"],
    ["OPTIONS", "/models", "GET, HEAD"],
  ])("%s %s, with the methods there are", async (method, path, allow) => {
    const response = await fetch(gateway.url + path, { method, headers });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect((await errorOf(response)).code).toBe("method_not_allowed");
  });

  it("two Host headers", async () => {
    const client = await openRaw(gateway.port);
    client.send("GET /models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    const answer = await client.answer();
    client.socket.destroy();
    expect(answer.status).toBe(400);
    // The server's own refusals have the same shape.
    expect((JSON.parse(answer.body) as WireError).error.type).toBe("invalid_request_error");
    expect(answer.headers["x-portkey-trace-id"]).toMatch(/^req_/);
  });
});

it("a model that is not listed is told the nearest that is", async () => {
  const response = await gateway.get("/v1/models/chta", headers);
  expect(response.status).toBe(404);
  expect((await errorOf(response)).message).toContain('Did you mean "chat"');
});
