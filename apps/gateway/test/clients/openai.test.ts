import OpenAI, { toFile } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { highRiskPhrase } from "@perilune/moonshot-simulator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { masterKey, operatorKey } from "../example-config.ts";
import { startTestGateway, type TestGateway } from "../start-test-gateway.ts";
import { breakStreams, brokenEndings } from "./broken-streams.ts";
import { collect } from "./collect.ts";
import { hello, redPixel, say, timeTool, weatherTool } from "./conversation.ts";

type Params = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, "stream">;
type Chunk = OpenAI.ChatCompletionChunk;

/** As documented: the origin alone is the base URL. */
function clientOf({ url }: TestGateway, apiKey = masterKey): OpenAI {
  return new OpenAI({ baseURL: url, apiKey });
}

async function chunksOf(client: OpenAI, params: Params): Promise<Chunk[]> {
  return collect(await client.chat.completions.create({ ...params, stream: true }));
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
}

/** `reasoning_content` is Moonshot's; the SDK's types do not know it. */
function reasoningIn(part: object | undefined): string {
  const { reasoning_content: reasoning }: { reasoning_content?: string } = part ?? {};
  return reasoning ?? "";
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
}

describe("the openai package", () => {
  it.each(["", "/v1"])("gets an answer with a base URL that ends in %j", async (suffix) => {
    await using gateway = await startTestGateway();
    const client = new OpenAI({ baseURL: gateway.url + suffix, apiKey: masterKey });
    const response = await client.chat.completions.create(hello);
    expect(response.choices[0]!.message.content).toContain("hello from litellm");
    expect(response.choices[0]!.finish_reason).toBe("stop");
    expect(gateway.simulator.requests[0]!.headers.authorization).toBe(`Bearer ${operatorKey}`);
  });

  it("streams the same text, with one finish reason and no usage nobody asked for", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const whole = await client.chat.completions.create(hello);
    const chunks = await chunksOf(client, hello);
    expect(chunks.length).toBeGreaterThan(5);
    expect(textOf(chunks)).toBe(whole.choices[0]!.message.content);
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
    // The documented loop reads choices[0] of every chunk.
    expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
    expect(chunks.filter(({ usage }) => usage)).toEqual([]);
  });

  it("gets the usage of a stream as its last chunk when it asks", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const { usage } = await client.chat.completions.create(hello);
    const chunks = await chunksOf(client, { ...hello, stream_options: { include_usage: true } });
    expect(usage!.total_tokens).toBeGreaterThan(10);
    expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
  });

  it("sees the reasoning of a thinking model, whole and streamed", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const params = { model: "kimi-k3", messages: say("Why is the sky blue?") };
    const whole = await client.chat.completions.create(params);
    const chunks = await chunksOf(client, params);
    const reasoning = reasoningIn(whole.choices[0]!.message);
    expect(reasoning).toContain("Why is the sky blue?");
    expect(chunks.map(({ choices }) => reasoningIn(choices[0]?.delta)).join("")).toBe(reasoning);
    expect(whole.usage!.completion_tokens_details!.reasoning_tokens).toBeGreaterThan(0);
  });

  it("gets as many choices as it asks for, each with its own end", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const params = { ...hello, n: 2, temperature: 0.5 };
    const whole = await client.chat.completions.create(params);
    const streamed = await client.chat.completions.stream(params).finalChatCompletion();
    const texts = whole.choices.map(({ message }) => message.content);
    expect(texts).toHaveLength(2);
    expect(streamed.choices.map(({ message }) => message.content)).toEqual(texts);
    expect(streamed.choices.map(({ finish_reason }) => finish_reason)).toEqual(["stop", "stop"]);
  });

  it("gets JSON in JSON mode", async () => {
    await using gateway = await startTestGateway();
    const response = await clientOf(gateway).chat.completions.create({
      model: "kimi-k3",
      messages: say("Answer in JSON: how are you?"),
      response_format: { type: "json_object" },
    });
    expect(JSON.parse(response.choices[0]!.message.content!)).toBeTypeOf("object");
  });

  it("parses an answer that follows a zod schema", async () => {
    await using gateway = await startTestGateway();
    const planet = z.object({ name: z.string(), moons: z.int().min(0) });
    const response = await clientOf(gateway).chat.completions.parse({
      model: "kimi-k3",
      messages: say("Describe Jupiter."),
      response_format: zodResponseFormat(planet, "planet"),
    });
    expect(planet.parse(response.choices[0]!.message.parsed)).toEqual({
      name: expect.any(String),
      moons: expect.any(Number),
    });
  });

  it("sends a picture as a data URL", async () => {
    await using gateway = await startTestGateway();
    const response = await clientOf(gateway).chat.completions.create({
      model: "kimi-k3",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: redPixel } },
          ],
        },
      ],
    });
    expect(response.choices[0]!.message.content).toContain("one picture");
    expect(JSON.stringify(gateway.simulator.requests[0]!.json)).toContain(redPixel);
  });

  it("reads the gateway's headers, of an answer and of a stream", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const whole = await client.chat.completions.create(hello).withResponse();
    const stream = await client.chat.completions.create({ ...hello, stream: true }).withResponse();
    await collect(stream.data);
    for (const { response, request_id } of [whole, stream]) {
      expect(request_id).toMatch(/^req_/);
      expect(response.headers.get("x-portkey-trace-id")).toBe(request_id);
      expect(response.headers.get("x-portkey-provider")).toBe("moonshot");
      expect(response.headers.get("x-perilune-attempts")).toMatch(
        /^1;deployment=\w+;provider=moonshot;model=moonshot-v1-8k;outcome=answered$/,
      );
    }
  });

  it("lists the models and looks one up whose name has a slash", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const ids = (await collect(client.models.list())).map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(["moonshot-v1-8k", "moonshot-v1-32k", "moonshot-v1-128k"]);
    expect(ids).toContain("moonshot/kimi-k3");
    expect(await client.models.retrieve("moonshot/kimi-k3")).toMatchObject({
      id: "moonshot/kimi-k3",
      object: "model",
      owned_by: "moonshot",
      context_length: 1_048_576,
    });
  });

  it("uploads, lists, reads and deletes a file", async () => {
    await using gateway = await startTestGateway();
    const { files } = clientOf(gateway);
    // Moonshot's purpose, which the SDK's types do not know.
    const purpose = "file-extract" as OpenAI.FilePurpose;
    const uploaded = await files.create({ file: await toFile(Buffer.from("Luna ☾"), "moon.txt"), purpose });
    expect(uploaded).toMatchObject({ object: "file", filename: "moon.txt", bytes: 8, purpose });
    const { data } = await files.list();
    expect(data.map(({ id }) => id)).toEqual([uploaded.id]);
    expect(await files.retrieve(uploaded.id)).toMatchObject({ id: uploaded.id, status: "ready" });
    expect(await (await files.content(uploaded.id)).text()).toBe("Luna ☾");
    expect(await files.delete(uploaded.id)).toMatchObject({ id: uploaded.id, deleted: true });
    expect((await files.list()).data).toEqual([]);
  });

  it("uploads a file larger than any chat may be", async () => {
    await using gateway = await startTestGateway();
    const bytes = Buffer.alloc(12 * 1024 * 1024, "moon ");
    const purpose = "file-extract" as OpenAI.FilePurpose;
    const uploaded = await clientOf(gateway).files.create({ file: await toFile(bytes, "big.txt"), purpose });
    expect(uploaded.bytes).toBe(bytes.length);
  });
});

describe("tools through the openai package", () => {
  const params = {
    model: "kimi-k3",
    messages: say("What is the weather and the time in Beijing?"),
    tools: [weatherTool, timeTool],
  };

  it("are called in parallel, whole and streamed alike", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const whole = (await client.chat.completions.create(params)).choices[0]!;
    const streamed = await client.chat.completions.stream(params).finalChatCompletion();
    const calls = whole.message.tool_calls!;
    expect(whole.finish_reason).toBe("tool_calls");
    expect(calls.map((call) => call.type === "function" && call.function.name)).toEqual([
      "get_weather",
      "get_time",
    ]);
    const streamedCalls = streamed.choices[0]!.message.tool_calls!;
    expect(streamedCalls).toEqual(calls.map(withoutIndex));
    expect(streamed.choices[0]!.finish_reason).toBe("tool_calls");
  });

  it.each([
    ["with the reasoning that came with the calls", true],
    ["without it, as most clients send it", false],
  ])("take their results back %s", async (_, keepsReasoning) => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const { message } = (await client.chat.completions.create(params)).choices[0]!;
    const { content, role, tool_calls: calls } = message;
    const past = keepsReasoning ? message : { content, role, tool_calls: calls! };
    const results = calls!.map(({ id }, index) => ({
      role: "tool" as const,
      tool_call_id: id,
      content: `result ${index}`,
    }));
    const { data, response } = await client.chat.completions
      .create({ ...params, messages: [...params.messages, past, ...results] })
      .withResponse();
    expect(data.choices[0]!.message.content).toContain("get_weather answered: result 0");
    expect(data.choices[0]!.message.content).toContain("get_time answered: result 1");
    const added = response.headers.get("x-perilune-adjustments")?.includes("messages[1].reasoning_content");
    expect(added ?? false).toBe(!keepsReasoning);
  });

  it("are run by the SDK's own loop", async () => {
    await using gateway = await startTestGateway();
    const asked: string[] = [];
    const parameters: Record<string, unknown> = weatherTool.function.parameters;
    const runner = clientOf(gateway).chat.completions.runTools({
      model: "kimi-k3",
      stream: true,
      messages: say("What is the weather in Beijing?"),
      tools: [
        {
          type: "function",
          function: {
            ...weatherTool.function,
            parameters,
            parse: JSON.parse,
            function: (argument: object) => {
              asked.push(...Object.keys(argument));
              return "sunny";
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain("get_weather answered: sunny");
    expect(asked).toEqual(["city"]);
  });
});

describe("errors through the openai package", () => {
  it("are typed, and name what is wrong", async () => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway);
    const create = (params: Partial<Params>) =>
      failureOf(client.chat.completions.create({ ...hello, ...params }));

    const wrongKey = await failureOf(clientOf(gateway, "sk-wrong").chat.completions.create(hello));
    expect(wrongKey).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrongKey).toMatchObject({ status: 401, code: "invalid_api_key" });

    const unknownModel = await create({ model: "moonshot-v1-8kk" });
    expect(unknownModel).toBeInstanceOf(OpenAI.NotFoundError);
    expect(unknownModel).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
    expect(String(unknownModel)).toContain('Did you mean "moonshot-v1-8k"');

    const tooLong = await create({ max_tokens: 100_000 });
    expect(tooLong).toBeInstanceOf(OpenAI.BadRequestError);
    expect(tooLong).toMatchObject({ status: 400, code: "context_length_exceeded" });
    expect(String(tooLong)).toContain("exceeded model token limit");

    const refused = await create({ messages: say(highRiskPhrase) });
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect(refused).toMatchObject({ code: "content_filter", type: "content_filter" });

    const noMessages = await create({ messages: [] });
    expect(noMessages).toBeInstanceOf(OpenAI.BadRequestError);
    expect(noMessages).toMatchObject({ type: "invalid_request_error" });
  });

  it("about the rate limit come at once, with the provider's wait, and the SDK does not try again", async () => {
    await using gateway = await startTestGateway({ simulator: { limits: { requestsPerMinute: 0 } } });
    const error = await failureOf(clientOf(gateway).chat.completions.create(hello));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ code: "rate_limit_exceeded" });
    const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>;
    expect([headers.get("retry-after"), headers.get("x-should-retry")]).toEqual(["1", "false"]);
    expect(gateway.simulator.requests).toHaveLength(1);
  });

  it("of the provider are not repeated by the SDK either", async () => {
    const error = { status: 500, type: "server_error", message: "the engine broke" };
    await using gateway = await startTestGateway({ simulator: { faults: [{ error }] } });
    const thrown = await failureOf(clientOf(gateway).chat.completions.create(hello));
    expect(thrown).toBeInstanceOf(OpenAI.InternalServerError);
    expect(thrown).toMatchObject({ status: 502, code: "upstream_error" });
    expect(String(thrown)).toContain("the engine broke");
    expect(gateway.simulator.requests).toHaveLength(1);
  });

  it("about the operator's own key are not the caller's 401", async () => {
    await using gateway = await startTestGateway({ environment: { MOONSHOT_API_KEY: "sk-expired" } });
    const error = await failureOf(clientOf(gateway).chat.completions.create(hello));
    expect(error).toMatchObject({ status: 502, code: "authentication" });
    expect(String(error)).not.toContain("sk-expired");
  });

  it("before the first word of a stream have their own status", async () => {
    await using gateway = await startTestGateway({ simulator: { faults: [breakStreamsAtOnce] } });
    const error = await failureOf(chunksOf(clientOf(gateway), hello));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: "connection_failed" });
  });

  it.each(brokenEndings)("in mid-stream are thrown: %s", async (_, ending) => {
    await using gateway = await startTestGateway({ simulator: { faults: [breakStreams(ending)] } });
    const stream = await clientOf(gateway).chat.completions.create({ ...hello, stream: true });
    const chunks: Chunk[] = [];
    const error = await failureOf(
      (async () => {
        for await (const chunk of stream) chunks.push(chunk);
      })(),
    );
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(textOf(chunks)).not.toBe("");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual([]);
  });
});

const breakStreamsAtOnce = { stream: { afterFrames: 0, ending: "fin" as const } };

/** Moonshot numbers the calls of whole answers too; the SDK's stream helper takes the number away. */
function withoutIndex(call: object): object {
  const { index: _index, ...rest } = call as { index?: number };
  return rest;
}

describe("a client that leaves", () => {
  it("in mid-stream ends the provider's work too", async () => {
    await using gateway = await startTestGateway({ simulator: { tokenDelayMs: 20 } });
    const stream = await clientOf(gateway).chat.completions.create({
      model: "kimi-k3",
      messages: say("Count to 500."),
      stream: true,
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    const { answer } = gateway.simulator.requests[0]!;
    await expect.poll(() => answer.clientAbortedAtMs, { timeout: 2_000 }).toBeTypeOf("number");
    expect(answer.finishedAtMs).toBeUndefined();
    await expect.poll(() => gateway.logLines.at(-1)?.["delivery"]).toBe("client_gone");
  });

  it("while it waits for a whole answer ends it as well", async () => {
    await using gateway = await startTestGateway({ simulator: { faults: [{ delayMs: 10_000 }] } });
    const controller = new AbortController();
    const error = failureOf(clientOf(gateway).chat.completions.create(hello, { signal: controller.signal }));
    await expect.poll(() => gateway.simulator.requests.length).toBe(1);
    controller.abort();
    expect(await error).toBeInstanceOf(OpenAI.APIUserAbortError);
    const { answer } = gateway.simulator.requests[0]!;
    await expect.poll(() => answer.clientAbortedAtMs, { timeout: 2_000 }).toBeTypeOf("number");
  });
});
