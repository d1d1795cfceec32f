import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "./start-gateway.ts";
import type { TestGateway } from "./start-gateway.ts";

/* Every secret and every piece of a conversation is a canary; then the log and every answer are searched for them. */
const keys = {
  provider: "canary-provider-key-7f3a91",
  master: "canary-master-key-1c88e20b",
  virtual: "canary-virtual-key-5d0b4417",
  own: "canary-own-key-94be6a02",
};
const conversation = {
  prompt: "canary prompt about the far side",
  toolArguments: "canary-tool-arguments",
  answer: "canary answer of the model",
  fileText: "canary text of a file",
};

const says = (status: number, body: string, contentType = "application/json") => ({
  status,
  headers: { "Content-Type": contentType },
  body,
});
const echo = (status: number, type: string) =>
  says(
    status,
    JSON.stringify({
      error: { type, message: `key ${keys.provider} ${keys.own} ${keys.virtual} is no good`, param: null },
    }),
  );
const whole = JSON.stringify({
  id: "c1",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: conversation.answer } },
  ],
});
const streamed = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: conversation.answer } }] })}\n\n`;
const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** By what is asked for: the name of a model or of a file. */
const upstream: Record<string, ReturnType<typeof says> & { cutAtByte?: number; end?: "fin" | "reset" }> = {
  whole: says(200, whole),
  streamed: says(200, streamed + end, "text/event-stream"),
  "cut-stream": { ...says(200, streamed + end, "text/event-stream"), cutAtByte: streamed.length },
  "error-in-stream": says(
    200,
    `${streamed}data: {"error":{"message":"bad key ${keys.provider} ${keys.own} ${keys.virtual}"}}\n\n`,
    "text/event-stream",
  ),
  "echo-401": echo(401, "invalid_authentication_error"),
  "echo-403": echo(403, "permission_denied_error"),
  "echo-429": echo(429, "rate_limit_reached_error"),
  "echo-500": echo(500, "server_error"),
  "echo-400": echo(400, "invalid_request_error"),
  "echo-200": echo(200, "server_error"),
  "echo-plain": says(502, `proxy error for ${keys.provider} ${keys.own} ${keys.virtual}`, "text/plain"),
  "echo-html": says(
    504,
    `<html><title>${keys.provider} ${keys.own} ${keys.virtual}</title></html>`,
    "text/html",
  ),
  garbage: says(200, `not json, but ${keys.provider}`),
  empty: says(200, ""),
  redirect: {
    ...says(302, ""),
    headers: { "Content-Type": "text/plain", Location: `/?key=${keys.provider}` } as never,
  },
};

const master = { authorization: `Bearer ${keys.master}` };
const callers: Record<string, Record<string, string>> = {
  routes: master,
  virtual: { ...master, "x-portkey-virtual-key": "team" },
  own: {
    authorization: `Bearer ${keys.own}`,
    "x-portkey-api-key": keys.master,
    "x-portkey-provider": "moonshot",
  },
  nobody: { authorization: `Bearer ${keys.own}` },
};

let gateway: TestGateway;
const seen: string[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    simulator: {
      replays: Object.entries(upstream).map(([name, replay]) => ({
        match: ({ body, path }) => body.includes(`"model":"${name}"`) || path.includes(`/files/${name}`),
        ...replay,
      })),
    },
    config: {
      model_list: [
        { model_name: "moonshot/*", litellm_params: { model: "moonshot/*", api_key: keys.provider } },
      ],
      general_settings: { master_key: keys.master },
      virtual_keys: { team: { provider: "moonshot", api_key: keys.virtual } },
    },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function look(response: Response): Promise<string> {
  let body = "";
  try {
    for await (const piece of response.body ?? []) body += Buffer.from(piece).toString("latin1");
  } catch {
    // A cut answer is an answer too.
  }
  seen.push(JSON.stringify([...response.headers]) + body);
  return body;
}

const chat = (model: string, stream: boolean) => ({
  model: `moonshot/${model}`,
  stream,
  messages: [
    { role: "user", content: conversation.prompt },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "t1",
          type: "function",
          function: { name: "f", arguments: `{"a":"${conversation.toolArguments}"}` },
        },
      ],
    },
    { role: "tool", tool_call_id: "t1", content: conversation.fileText },
  ],
});

const spellings = (secret: string) => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
];

describe.each(Object.entries(callers))("called as %s", (_, headers) => {
  it.each(Object.keys(upstream))("with an upstream that answers %s", async (name) => {
    for (const stream of [false, true])
      await look(await gateway.post("/v1/chat/completions", chat(name, stream), headers));
    await look(await gateway.post("/tokenizers/estimate-token-count", chat(name, false), headers));
    await look(await gateway.get(`/files/${name}`, headers));
    await look(await gateway.get(`/files/${name}/content`, headers));
  });

  it.each(["/models", "/models/x", "/users/me/balance", "/files", "/health", "/nowhere"])(
    "on %s",
    async (path) => {
      await look(await gateway.get(path, headers));
      await look(await gateway.post(path, {}, headers));
    },
  );

  it.each([
    `{"model": "${conversation.prompt}`,
    `{"model": "moonshot/x", "messages": "${conversation.prompt}"}`,
    `{"model": "moonshot/x", "messages": [{"role": "${conversation.prompt}"}]}`,
    conversation.prompt,
    `{"model":"moonshot/x","messages":[{"role":"user","content":"${conversation.prompt}"}],"api_key":"${keys.own}"}`,
    `{"timeout":"${keys.own}"}`,
  ])("with the body %s", async (body) => {
    const answer = await look(await gateway.post("/chat/completions", body, headers));
    expect(answer).toContain('"error"');
  });
});

it("an upstream that is down tells nothing either", async () => {
  await using down = await startGateway({
    baseUrl: "http://127.0.0.1:1/v1",
    config: { general_settings: { master_key: keys.master } },
  });
  await look(await down.post("/chat/completions", chat("moonshot-v1-8k", true), master));
  await look(await down.get("/files", callers["own"]));
  expect(down.logText()).toContain('"errorCode":"connection_failed"');
  expect(down.logText()).not.toContain("canary");
});

describe("afterwards", () => {
  it("the search would find something: the answers are there", async () => {
    await gateway.requestLines(100);
    expect(seen.some((answer) => answer.includes(conversation.answer))).toBe(true);
    expect(gateway.simulator.requests.map(({ headers }) => headers.authorization)).toEqual(
      expect.arrayContaining([keys.provider, keys.virtual, keys.own].map((key) => `Bearer ${key}`)),
    );
  });

  it.each(Object.entries(keys))("no log line holds the %s key in any spelling", (_, key) => {
    expect(spellings(key).filter((spelling) => gateway.logText().includes(spelling))).toEqual([]);
  });

  it.each(Object.entries(conversation))("no log line holds the %s in any spelling", (_, text) => {
    expect(spellings(text).filter((spelling) => gateway.logText().includes(spelling))).toEqual([]);
  });

  it("no log line holds anything of a canary at all", () => {
    expect(/canary/i.exec(gateway.logText())?.[0]).toBeUndefined();
  });

  it("every log line is one line of JSON", () => {
    const lines = gateway.logText().trimEnd().split("\n");
    expect(lines.every((line) => typeof JSON.parse(line) === "object")).toBe(true);
  });

  it("no answer holds the master key", () => {
    expect(spellings(keys.master).filter((spelling) => seen.join("").includes(spelling))).toEqual([]);
  });
});

it.each([
  ["provider", "routes"],
  ["virtual", "virtual"],
  ["own", "own"],
] as const)("no answer holds the %s key that was used for it", async (key, caller) => {
  for (const name of Object.keys(upstream)) {
    const answers = [
      await gateway.post("/chat/completions", chat(name, false), callers[caller]),
      await gateway.post("/chat/completions", chat(name, true), callers[caller]),
      await gateway.post("/tokenizers/estimate-token-count", chat(name, false), callers[caller]),
      await gateway.get(`/files/${name}/content`, callers[caller]),
    ];
    for (const response of answers) {
      const body = await look(response);
      // A provider's own 2xx of a forwarded endpoint is the caller's document, not the gateway's words.
      const isDocument = response.ok && !response.url.endsWith("completions");
      const told = JSON.stringify([...response.headers]) + (isDocument ? "" : body);
      expect(spellings(keys[key]).filter((spelling) => told.includes(spelling))).toEqual([]);
    }
  }
});
