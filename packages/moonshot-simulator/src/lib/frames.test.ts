import { expect, it } from "vitest";
import { loadRecordings } from "../recordings.ts";
import type { Answer, FinishReason, Step } from "./answer/answer-plan.ts";
import { answerFrames } from "./answer-frames.ts";
import { deltaOf, FrameWriter } from "./frames.ts";
import type { Usage } from "./usage.ts";

interface RecordedChunk {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
  readonly choices: readonly [
    {
      readonly delta: { readonly content?: string; readonly reasoning_content?: string };
      readonly finish_reason: FinishReason | null;
      readonly usage?: Usage;
    },
  ];
}

function recorded(name: string): string {
  const recording = loadRecordings().find((candidate) => candidate.name === name);
  return recording!.body.toString("utf8");
}

/** The steps of a recorded stream: its non-empty reasoning and content deltas. */
function stepsOf(chunks: readonly RecordedChunk[]): Step[] {
  return chunks.flatMap(({ choices: [{ delta }] }): Step[] => [
    ...(delta.reasoning_content ? [{ kind: "reasoning" as const, text: delta.reasoning_content }] : []),
    ...(delta.content ? [{ kind: "content" as const, text: delta.content }] : []),
  ]);
}

it.each(["kimi-k2.6.stream.sse", "moonshot-v1-8k.2026-06.stream.sse"])(
  "writes %s byte for byte, given its ids, tokens and usage",
  (name) => {
    const body = recorded(name);
    const chunks = body
      .split("\n\n")
      .filter((frame) => frame.startsWith("data: {"))
      .map((frame): RecordedChunk => JSON.parse(frame.slice(6)));
    const [first, last] = [chunks[0]!, chunks.at(-1)!];
    const steps = stepsOf(chunks);
    const usage = last.choices[0].usage!;
    const answer: Answer = {
      steps,
      thinks: steps[0]?.kind === "reasoning",
      finishReason: last.choices[0].finish_reason!,
      completionTokens: usage.completion_tokens,
      reasoningTokens: 0,
    };
    const writer = new FrameWriter({
      id: first.id,
      created: first.created,
      model: first.model,
      fingerprint: first.system_fingerprint,
    });

    const written = Array.from(answerFrames(writer, [{ answer, usage }], undefined)).join("");

    expect(written).toBe(body);
  },
);

it("writes a tool call as a head with empty arguments and then fragments of them", () => {
  const call = { id: "search:0", type: "function", name: "search", arguments: '{"q":1}' } as const;
  expect(JSON.stringify(deltaOf({ kind: "call", index: 0, call }))).toBe(
    '{"tool_calls":[{"index":0,"id":"search:0","type":"function","function":{"name":"search","arguments":""}}]}',
  );
  expect(JSON.stringify(deltaOf({ kind: "arguments", index: 0, text: '{"q' }))).toBe(
    '{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q"}}]}',
  );
});

it("writes the usage chunk without choices and without a fingerprint", () => {
  const writer = new FrameWriter({ id: "chatcmpl-1", created: 7, model: "kimi-k3", fingerprint: "fpv0_1" });
  expect(writer.usage({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 })).toBe(
    'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"kimi-k3","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n',
  );
});

it("lets several choices take turns, each with a final chunk of its own", () => {
  const writer = new FrameWriter({ id: "i", created: 7, model: "m", fingerprint: "f" });
  const answer: Answer = {
    steps: [{ kind: "content", text: "a" }],
    thinks: false,
    finishReason: "stop",
    completionTokens: 2,
    reasoningTokens: 0,
  };
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const choice = { answer, usage };

  const frames = Array.from(answerFrames(writer, [choice, choice], undefined));

  const indexes = frames.slice(0, -1).map((frame) => /"index":(\d)/.exec(frame)?.[1]);
  expect(indexes).toEqual(["0", "1", "0", "1", "0", "1"]);
  expect(frames.filter((frame) => frame.includes('"usage"'))).toHaveLength(2);
});
