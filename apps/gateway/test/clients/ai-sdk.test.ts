import { createMoonshotAI } from "@ai-sdk/moonshotai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, isStepCount, jsonSchema, Output, streamText, tool } from "ai";
import type { LanguageModel } from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { masterKey } from "../example-config.ts";
import { startTestGateway, type TestGateway } from "../start-test-gateway.ts";
import { breakStreams, brokenEndings } from "./broken-streams.ts";
import { collect } from "./collect.ts";
import { redPixel } from "./conversation.ts";

type Connect = (gateway: TestGateway, apiKey?: string) => (model: string) => LanguageModel;

const packages: readonly (readonly [name: string, connect: Connect])[] = [
  [
    "@ai-sdk/openai-compatible",
    ({ url }, apiKey = masterKey) =>
      createOpenAICompatible({
        name: "perilune",
        baseURL: `${url}/v1`,
        apiKey,
        includeUsage: true,
        supportsStructuredOutputs: true,
      }),
  ],
  ["@ai-sdk/moonshotai", ({ url }, apiKey = masterKey) => createMoonshotAI({ baseURL: `${url}/v1`, apiKey })],
];

const prompt = "hello from the AI SDK";

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
});

describe.each(packages)("%s", (_, connect) => {
  it("streams the text of the whole answer, with its finish reason and its usage", async () => {
    await using gateway = await startTestGateway();
    const model = connect(gateway)("moonshot-v1-8k");
    const whole = await generateText({ model, prompt });
    const stream = streamText({ model, prompt });
    const pieces = await collect(stream.textStream);
    expect(whole.text).toContain(prompt);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join("")).toBe(whole.text);
    expect([whole.finishReason, await stream.finishReason]).toEqual(["stop", "stop"]);
    expect(whole.usage.totalTokens).toBeGreaterThan(10);
    expect((await stream.usage).totalTokens).toBe(whole.usage.totalTokens);
  });

  it("sees the reasoning of a thinking model, whole and streamed", async () => {
    await using gateway = await startTestGateway();
    const model = connect(gateway)("kimi-k3");
    const whole = await generateText({ model, prompt });
    const stream = streamText({ model, prompt });
    await stream.consumeStream();
    expect(whole.reasoningText).toContain(prompt);
    expect(await stream.reasoningText).toBe(whole.reasoningText);
    expect(whole.usage.outputTokenDetails.reasoningTokens).toBeGreaterThan(0);
  });

  it("runs a tool and gives its result back", async () => {
    await using gateway = await startTestGateway();
    const { text, steps } = await generateText({
      model: connect(gateway)("kimi-k3"),
      prompt: "What is the weather in Beijing?",
      tools: { get_weather: weather },
      stopWhen: isStepCount(3),
    });
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(text).toContain("get_weather answered: sunny in Beijing");
  });

  it("runs a tool in a stream, too", async () => {
    await using gateway = await startTestGateway();
    const stream = streamText({
      model: connect(gateway)("kimi-k2.6"),
      prompt: "What is the weather in Beijing?",
      tools: { get_weather: weather },
      stopWhen: isStepCount(3),
    });
    await stream.consumeStream();
    expect(await stream.text).toContain("get_weather answered: sunny in Beijing");
  });

  it("gets an object that follows a schema", async () => {
    await using gateway = await startTestGateway();
    const schema = jsonSchema<{ name: string; moons: number }>({
      type: "object",
      properties: { name: { type: "string" }, moons: { type: "integer" } },
      required: ["name", "moons"],
      additionalProperties: false,
    });
    const { output } = await generateText({
      model: connect(gateway)("kimi-k3"),
      prompt: "Describe Jupiter.",
      output: Output.object({ schema }),
    });
    expect(output).toEqual({ name: expect.any(String), moons: expect.any(Number) });
  });

  it("sends a picture", async () => {
    await using gateway = await startTestGateway();
    const { text } = await generateText({
      model: connect(gateway)("kimi-k3"),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "file", mediaType: "image/png", data: redPixel },
          ],
        },
      ],
    });
    expect(text).toContain("one picture");
  });

  it.each<[string, { model?: string; apiKey?: string; maxOutputTokens?: number }, object]>([
    ["a wrong key", { apiKey: "sk-wrong" }, { statusCode: 401, isRetryable: false }],
    ["an unknown model", { model: "moonshot-v1-8kk" }, { statusCode: 404, isRetryable: false }],
    ["too long a request", { maxOutputTokens: 100_000 }, { statusCode: 400, isRetryable: false }],
  ])("gets a typed error for %s", async (__, { model, apiKey, maxOutputTokens }, expected) => {
    await using gateway = await startTestGateway();
    const error = await generateText({
      model: connect(gateway, apiKey)(model ?? "moonshot-v1-8k"),
      prompt,
      maxRetries: 0,
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    }).catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject(expected);
  });

  it.each(brokenEndings)("reports an error when the stream breaks: %s", async (__, ending) => {
    await using gateway = await startTestGateway({ simulator: { faults: [breakStreams(ending)] } });
    const errors: unknown[] = [];
    const stream = streamText({
      model: connect(gateway)("moonshot-v1-8k"),
      prompt,
      onError: ({ error }) => void errors.push(error),
    });
    const parts = await collect(stream.stream);
    expect(errors).toHaveLength(1);
    expect(parts.filter(({ type }) => type === "text-delta")).not.toEqual([]);
    expect(parts.flatMap((part) => (part.type === "finish" ? part.finishReason : []))).not.toContain("stop");
  });

  it("that leaves in mid-stream ends the provider's work", async () => {
    await using gateway = await startTestGateway({ simulator: { tokenDelayMs: 20 } });
    const controller = new AbortController();
    const stream = streamText({
      model: connect(gateway)("moonshot-v1-8k"),
      prompt: "Count to 500.",
      abortSignal: controller.signal,
      onError: () => undefined,
    });
    for await (const piece of stream.textStream) if (piece !== "") break;
    controller.abort();
    const { answer } = gateway.simulator.requests[0]!;
    await expect.poll(() => answer.clientAbortedAtMs, { timeout: 2_000 }).toBeTypeOf("number");
  });
});
