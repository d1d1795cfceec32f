import OpenAI from "openai";
import { createHeaders, Portkey } from "portkey-ai";
import { describe, expect, it } from "vitest";
import { callerKey, masterKey, operatorKey, virtualKey } from "../example-config.ts";
import { startTestGateway, type TestGateway } from "../start-test-gateway.ts";
import { breakStreams, brokenEndings } from "./broken-streams.ts";
import { collect } from "./collect.ts";
import { documentedQuestion, hello, joke, say, weatherTool } from "./conversation.ts";

type Options = NonNullable<ConstructorParameters<typeof Portkey>[0]>;

function clientOf({ url }: TestGateway, options: Options = { virtualKey }): Portkey {
  return new Portkey({ apiKey: masterKey, baseURL: `${url}/v1`, ...options });
}

/** What the stream of this SDK yields is typed as a whole answer. */
interface Chunk {
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly tool_calls?: object[] };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: object;
}

async function streamOf(client: Portkey, params: object): Promise<AsyncIterable<Chunk>> {
  // The SDK types `stream: true` as possibly absent, and chunks as answers.
  return (await client.chat.completions.create({
    ...params,
    stream: true,
  })) as unknown as AsyncIterable<Chunk>;
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
}

function upstreamKeys({ simulator }: TestGateway): unknown[] {
  return simulator.requests.map(({ headers }) => headers.authorization);
}

describe("Portkey's page about Moonshot", () => {
  it("Node: a provider and a key of one's own", async () => {
    await using gateway = await startTestGateway();
    const portkey = new Portkey({
      apiKey: masterKey,
      baseURL: `${gateway.url}/v1`,
      provider: "moonshot",
      Authorization: callerKey,
    });
    const response = await portkey.chat.completions.create(joke);
    expect(response.choices[0]!.message!.content).toContain(documentedQuestion);
    expect(upstreamKeys(gateway)).toEqual([`Bearer ${callerKey}`]);
  });

  it("Node: a virtual key", async () => {
    await using gateway = await startTestGateway();
    const portkey = new Portkey({ apiKey: masterKey, baseURL: `${gateway.url}/v1`, virtualKey });
    const response = await portkey.chat.completions.create(joke);
    expect(response.choices[0]!.message!.content).toContain(documentedQuestion);
    expect(upstreamKeys(gateway)).toEqual([`Bearer ${operatorKey}`]);
  });

  it("OpenAI Node SDK with createHeaders: a provider and a key of one's own", async () => {
    await using gateway = await startTestGateway();
    const client = new OpenAI({
      apiKey: callerKey,
      baseURL: `${gateway.url}/v1`,
      defaultHeaders: createHeaders({ provider: "moonshot", apiKey: masterKey }),
    });
    const response = await client.chat.completions.create(joke);
    expect(response.choices[0]!.message.content).toContain(documentedQuestion);
    expect(upstreamKeys(gateway)).toEqual([`Bearer ${callerKey}`]);
  });

  it("OpenAI Node SDK with createHeaders: a virtual key", async () => {
    await using gateway = await startTestGateway();
    const defaultHeaders = createHeaders({ apiKey: masterKey, virtualKey });
    const baseURL = `${gateway.url}/v1`;
    // The page leaves the key empty, which this version of the SDK refuses before it asks anybody.
    expect(() => new OpenAI({ apiKey: "", baseURL, defaultHeaders })).toThrow("Missing credentials");
    const client = new OpenAI({ apiKey: "not needed", baseURL, defaultHeaders });
    const response = await client.chat.completions.create(joke);
    expect(response.choices[0]!.message.content).toContain(documentedQuestion);
    expect(upstreamKeys(gateway)).toEqual([`Bearer ${operatorKey}`]);
  });
});

describe("the portkey-ai package", () => {
  it("streams the text of the whole answer, with one finish reason", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const whole = await client.chat.completions.create(hello);
    const chunks = await collect(await streamOf(client, hello));
    expect(textOf(chunks)).toBe(whole.choices[0]!.message!.content);
    expect(textOf(chunks)).toContain("hello from litellm");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
    expect(chunks.filter(({ usage }) => usage)).toEqual([]);
  });

  it("gets the usage of a stream when it asks", async () => {
    await using gateway = await startTestGateway();
    const params = { ...hello, stream_options: { include_usage: true } };
    const chunks = await collect(await streamOf(clientOf(gateway), params));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  });

  it("sees reasoning and tool calls", async () => {
    await using gateway = await startTestGateway();
    const { choices } = await clientOf(gateway).chat.completions.create({
      model: "kimi-k3",
      messages: say("What is the weather in Beijing?"),
      tools: [weatherTool],
    });
    expect(choices[0]!.message).toMatchObject({
      reasoning_content: expect.stringContaining("get_weather"),
      tool_calls: [{ function: { name: "get_weather", arguments: '{"city":"Beijing"}' } }],
    });
  });

  it("reads the gateway's headers", async () => {
    await using gateway = await startTestGateway();
    const response = await clientOf(gateway, { virtualKey, traceID: "trace-7" }).chat.completions.create(
      hello,
    );
    expect(response.getHeaders()).toMatchObject({
      "trace-id": "trace-7",
      provider: "moonshot",
      "retry-attempt-count": "0",
      "last-used-option-index": "config",
    });
  });

  it("sends a trace id, metadata and the gateway's key without anything of it reaching the provider", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway, {
      virtualKey,
      traceID: "trace-7",
      metadata: { _user: "u1", env: "prod" },
    });
    await client.chat.completions.create(hello);
    const { headers } = gateway.simulator.requests[0]!;
    expect(Object.keys(headers).filter((name) => name.startsWith("x-portkey"))).toEqual([]);
    expect(JSON.stringify(headers)).not.toContain(masterKey);
    expect(gateway.logLines.at(-1)).toMatchObject({ traceId: "trace-7", caller: `@${virtualKey}` });
  });

  it.each<[string, Options]>([
    ["@slug as the provider", { provider: `@${virtualKey}` }],
    ["a provider without a key, from the configuration", { provider: "moonshot" }],
    ["no provider at all", {}],
    ["an own key with Bearer", { provider: "moonshot", Authorization: `Bearer ${callerKey}` }],
  ])("is answered with %s", async (_, options) => {
    await using gateway = await startTestGateway();
    const response = await clientOf(gateway, options).chat.completions.create(hello);
    expect(response.choices[0]!.message!.content).toContain("hello from litellm");
    const key = options.Authorization ?? `Bearer ${operatorKey}`;
    expect(upstreamKeys(gateway)).toEqual([key]);
  });

  it("asks any model of a virtual key's provider, with the model named @slug/…", async () => {
    await using gateway = await startTestGateway();
    const model = `@${virtualKey}/kimi-k2.6`;
    await clientOf(gateway, {}).chat.completions.create({ model, messages: say("hi") });
    expect(gateway.simulator.requests[0]!.json).toMatchObject({ model: "kimi-k2.6" });
  });

  it("lists the provider's models behind a virtual key", async () => {
    await using gateway = await startTestGateway();
    const { data } = (await clientOf(gateway).models.list()) as unknown as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toContain("kimi-k3.1-pro");
  });

  it.each<[string, Options, object]>([
    ["a wrong gateway key", { apiKey: "sk-wrong", virtualKey }, { status: 401 }],
    ["an unknown virtual key", { virtualKey: "nobody" }, { status: 400 }],
    ["an unknown provider", { provider: "lunar" }, { status: 400 }],
    ["a wrong key of one's own", { provider: "moonshot", Authorization: "sk-wrong" }, { status: 401 }],
    ["a config with a mistake", { config: { strategy: { mode: "falback" }, targets: [] } }, { status: 400 }],
  ])("gets a typed error for %s", async (_, options, expected) => {
    await using gateway = await startTestGateway();
    await expect(clientOf(gateway, options).chat.completions.create(hello)).rejects.toMatchObject(expected);
  });

  it("routes by a config of its own", async () => {
    await using gateway = await startTestGateway();
    const config = {
      strategy: { mode: "fallback" },
      targets: [
        { provider: "moonshot", api_key: "sk-wrong" },
        { virtual_key: virtualKey, override_params: { model: "moonshot-v1-32k" } },
      ],
    };
    const { model } = await clientOf(gateway, { config }).chat.completions.create(hello);
    expect(model).toBe("moonshot-v1-32k");
    expect(upstreamKeys(gateway)).toEqual(["Bearer sk-wrong", `Bearer ${operatorKey}`]);
  });

  // It repeats any 5xx that has no trace id.
  it("does not repeat a call that failed at the provider", async () => {
    const error = { status: 503, type: "server_unavailable", message: "down" };
    await using gateway = await startTestGateway({ simulator: { faults: [{ error }] } });
    await expect(clientOf(gateway).chat.completions.create(hello)).rejects.toMatchObject({ status: 503 });
    expect(gateway.simulator.requests).toHaveLength(1);
  });

  it("is told about the rate limit once", async () => {
    await using gateway = await startTestGateway({ simulator: { limits: { requestsPerMinute: 0 } } });
    await expect(clientOf(gateway).chat.completions.create(hello)).rejects.toMatchObject({ status: 429 });
    expect(gateway.simulator.requests).toHaveLength(1);
  });

  it.each(brokenEndings)("throws when the stream breaks: %s", async (_, ending) => {
    await using gateway = await startTestGateway({ simulator: { faults: [breakStreams(ending)] } });
    const stream = await streamOf(clientOf(gateway), hello);
    const chunks: Chunk[] = [];
    await expect(async () => {
      for await (const chunk of stream) chunks.push(chunk);
    }).rejects.toThrow(/interrupted|broke|ended|closed/i);
    expect(textOf(chunks)).not.toBe("");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual([]);
  });
  it("that stops reading a stream ends the provider's work", async () => {
    await using gateway = await startTestGateway({ simulator: { tokenDelayMs: 20 } });
    const stream = await streamOf(clientOf(gateway), { ...hello, messages: say("Count to 500.") });
    for await (const { choices } of stream) if (choices[0]!.delta.content !== "") break;
    const { answer } = gateway.simulator.requests[0]!;
    await expect.poll(() => answer.clientAbortedAtMs, { timeout: 2_000 }).toBeTypeOf("number");
  });
});
