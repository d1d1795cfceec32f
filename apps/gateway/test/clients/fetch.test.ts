import { highRiskPhrase } from "@perilune/moonshot-simulator";
import { describe, expect, it } from "vitest";
import { callerKey, masterKey, operatorKey, virtualKey } from "../example-config.ts";
import { startTestGateway, type TestGateway } from "../start-test-gateway.ts";
import { hello, say, weatherTool } from "./conversation.ts";

const bearer = { authorization: `Bearer ${masterKey}` };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(
  { url }: TestGateway,
  path: string,
  body?: object,
  headers: Record<string, string> = bearer,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function chat(gateway: TestGateway, body: object, headers?: Record<string, string>): Promise<Answer> {
  return send(gateway, "/v1/chat/completions", { ...hello, ...body }, headers);
}

/** What of the request was changed on the way to the provider. */
function adjustmentsOf({ headers }: Answer): object[] {
  return JSON.parse(headers.get("x-perilune-adjustments") ?? "[]");
}

function codeOf({ text }: Answer): string {
  return JSON.parse(text).error.code;
}

describe("the key of the gateway", () => {
  it.each<[string, Record<string, string>]>([
    ["Authorization: Bearer", { authorization: `Bearer ${masterKey}` }],
    ["Authorization without Bearer", { authorization: masterKey }],
    ["authorization: bearer", { authorization: `bearer ${masterKey}` }],
    ["x-portkey-api-key", { "x-portkey-api-key": masterKey }],
    ["x-litellm-api-key", { "x-litellm-api-key": masterKey }],
    ["x-litellm-api-key with Bearer", { "x-litellm-api-key": `Bearer ${masterKey}` }],
    ["x-api-key", { "x-api-key": masterKey }],
    ["api-key", { "api-key": masterKey }],
    [
      "the Python Portkey SDK's, beside its placeholder",
      { "x-portkey-api-key": masterKey, authorization: "Bearer OPENAI_API_KEY" },
    ],
    [
      "the Node Portkey SDK's, beside its placeholder",
      { "x-portkey-api-key": masterKey, authorization: "Bearer DUMMY-KEY" },
    ],
    ["the OpenAI SDK's beside an empty key", { "x-portkey-api-key": masterKey, authorization: "Bearer " }],
    ["Authorization, beside an empty Portkey key", { "x-portkey-api-key": "", ...bearer }],
  ])("is accepted as %s", async (_, headers) => {
    await using gateway = await startTestGateway();
    expect((await chat(gateway, {}, headers)).status).toBe(200);
    expect(gateway.simulator.requests[0]!.headers.authorization).toBe(`Bearer ${operatorKey}`);
  });

  it.each<[string, Record<string, string>]>([
    ["no key", {}],
    ["a placeholder alone", { authorization: "Bearer DUMMY-KEY" }],
    ["a wrong key", { authorization: "Bearer sk-wrong" }],
    ["the provider's key", { authorization: `Bearer ${operatorKey}` }],
    ["a wrong Portkey key beside the right one", { "x-portkey-api-key": "sk-wrong", ...bearer }],
    ["a provider and a key of one's own", { "x-portkey-provider": "moonshot", authorization: callerKey }],
  ])("is missing with %s, and the provider hears nothing", async (_, headers) => {
    await using gateway = await startTestGateway();
    const answer = await chat(gateway, {}, headers);
    expect([answer.status, codeOf(answer)]).toEqual([401, "invalid_api_key"]);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(gateway.simulator.requests).toEqual([]);
  });

  it.each([callerKey, `Bearer ${callerKey}`])(
    "leaves Authorization to the provider's key: %s",
    async (key) => {
      await using gateway = await startTestGateway();
      const headers = {
        "x-portkey-provider": "moonshot",
        "x-portkey-api-key": masterKey,
        authorization: key,
      };
      expect((await chat(gateway, {}, headers)).status).toBe(200);
      expect(gateway.simulator.requests[0]!.headers.authorization).toBe(`Bearer ${callerKey}`);
    },
  );

  it("is not asked for where none is set", async () => {
    await using gateway = await startTestGateway({ environment: { PERILUNE_MASTER_KEY: undefined } });
    expect((await chat(gateway, {}, {})).status).toBe(200);
  });
});

describe("plain fetch", () => {
  it("reads a stream of events that ends with [DONE]", async () => {
    await using gateway = await startTestGateway();
    const answer = await chat(gateway, { stream: true });
    const events = answer.text.split("\n\n");
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(events.slice(-2)).toEqual(["data: [DONE]", ""]);
    expect(events.slice(0, -2).every((event) => /^data: \{.*\}$/.test(event))).toBe(true);
  });

  it("sees an error event and no [DONE] when the stream breaks", async () => {
    const fault = { stream: { afterFrames: 6, ending: "reset" as const } };
    await using gateway = await startTestGateway({ simulator: { faults: [fault] } });
    const answer = await chat(gateway, { stream: true });
    const last = answer.text.split("\n\n").at(-2);
    expect(last).toMatch(/^event: error\ndata: \{"error":\{.*"code":"stream_interrupted"/);
    expect(last).toContain(answer.headers.get("x-request-id"));
    expect(answer.text).not.toContain("[DONE]");
  });

  it("is told what was changed in the request, and why", async () => {
    await using gateway = await startTestGateway();
    const answer = await chat(gateway, { temperature: 1.7, max_tokens: 50 });
    expect(adjustmentsOf(answer)).toEqual([
      {
        parameter: "max_tokens",
        action: "renamed",
        to: "max_completion_tokens",
        reason: expect.any(String),
        effect: "spelling",
      },
      {
        parameter: "temperature",
        action: "changed",
        from: 1.7,
        to: 1,
        reason: "Moonshot's temperature ends at 1.",
        effect: "meaning",
      },
    ]);
    expect(gateway.simulator.requests[0]!.json).toMatchObject({ temperature: 1, max_completion_tokens: 50 });
  });

  it("gets a 400 instead in strict mode", async () => {
    await using gateway = await startTestGateway();
    const answer = await chat(gateway, { temperature: 1.7 }, { ...bearer, "x-perilune-strict": "true" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error).toMatchObject({ param: "temperature", code: "invalid_request" });
    expect(gateway.simulator.requests).toEqual([]);
  });

  // The three things LiteLLM's page says it handles.
  it.each<[string, object, object]>([
    ["a temperature above 1", { temperature: 2 }, { temperature: 1 }],
    ["several answers at a low temperature", { temperature: 0.1, n: 2 }, { temperature: 0.3, n: 2 }],
    [
      "tool_choice required",
      { tools: [weatherTool], tool_choice: "required" },
      {
        messages: [
          ...hello.messages,
          { role: "user", content: "Please select a tool to handle the current issue." },
        ],
      },
    ],
  ])("is answered for what Moonshot alone would refuse: %s", async (_, asked, sent) => {
    await using gateway = await startTestGateway();
    expect((await chat(gateway, asked)).status).toBe(200);
    expect(gateway.simulator.requests[0]!.json).toMatchObject(sent);
  });

  it("loses no field it has never heard of", async () => {
    await using gateway = await startTestGateway();
    const future = { brand_new: { deep: [1, { x: null }] }, big_id: 2 ** 40 };
    await chat(gateway, future);
    expect(gateway.simulator.requests[0]!.json).toMatchObject(future);
  });

  it("asks for the balance and estimates tokens", async () => {
    await using gateway = await startTestGateway();
    const balance = await send(gateway, "/v1/users/me/balance");
    expect(JSON.parse(balance.text).data).toMatchObject({ available_balance: 49.58894 });
    const estimate = await send(gateway, "/v1/tokenizers/estimate-token-count", {
      ...hello,
      model: "moonshot/moonshot-v1-8k",
    });
    expect(JSON.parse(estimate.text).data.total_tokens).toBeGreaterThan(5);
    expect(gateway.simulator.requests.at(-1)!.json).toMatchObject({ model: "moonshot-v1-8k" });
    for (const { headers } of [balance, estimate]) {
      expect(headers.get("x-portkey-provider")).toBe("moonshot");
    }
  });

  it.each(["", "/v1"])("finds every route below %j", async (prefix) => {
    await using gateway = await startTestGateway();
    for (const path of ["/models", "/models/moonshot-v1-8k", "/users/me/balance", "/files", "/health"]) {
      expect([path, (await send(gateway, prefix + path)).status]).toEqual([path, 200]);
    }
    expect((await send(gateway, `${prefix}/chat/completions`, hello)).status).toBe(200);
  });

  it.each(["/engines/moonshot-v1-8k", "/openai/deployments/moonshot%2Fmoonshot-v1-8k"])(
    "may name the model in the path: %s",
    async (path) => {
      await using gateway = await startTestGateway();
      expect((await send(gateway, `${path}/chat/completions`, { messages: say("hi") })).status).toBe(200);
      expect(gateway.simulator.requests[0]!.json).toMatchObject({ model: "moonshot-v1-8k" });
    },
  );

  it("needs no key to ask whether the gateway is alive", async () => {
    await using gateway = await startTestGateway();
    const answers = [
      await send(gateway, "/health/liveliness", undefined, {}),
      await send(gateway, "/health/readiness", undefined, {}),
    ];
    expect(answers.map(({ status, text }) => [status, JSON.parse(text)])).toEqual([
      [200, "I'm alive!"],
      [200, { status: "healthy" }],
    ]);
  });

  it.each<[string, number, string, object | undefined]>([
    ["/v1/nowhere", 404, "unknown_route", undefined],
    ["/v1/chat/completions", 405, "method_not_allowed", undefined],
    ["/v1/files/a%2Fb", 404, "unknown_route", undefined],
    ["/v1/chat/completions", 400, "invalid_request", { ...hello, api_base: "https://elsewhere.example" }],
    ["/v1/chat/completions", 400, "content_filter", { ...hello, messages: say(highRiskPhrase) }],
  ])("%s answers %i with the code %s and ids to ask about it", async (path, status, code, body) => {
    await using gateway = await startTestGateway();
    const answer = await send(gateway, path, body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    expect(answer.headers.get("x-portkey-trace-id")).toMatch(/./);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });
});

describe("the log", () => {
  it("has one line per request, and in it neither a key nor what was said", async () => {
    await using gateway = await startTestGateway();
    await chat(gateway, { messages: say("the secret of the moon") });
    await chat(gateway, { model: "nobody" });
    await chat(gateway, {}, { "x-portkey-virtual-key": virtualKey, "x-portkey-api-key": masterKey });
    const lines = gateway.logLines.map(({ status, model, caller }) => ({ status, model, caller }));
    expect(lines).toEqual([
      { status: 200, model: "moonshot-v1-8k", caller: undefined },
      { status: 404, model: "nobody", caller: undefined },
      { status: 200, model: "moonshot-v1-8k", caller: `@${virtualKey}` },
    ]);
    const text = JSON.stringify(gateway.logLines);
    expect([masterKey, operatorKey, "secret of the moon"].filter((word) => text.includes(word))).toEqual([]);
  });
});
