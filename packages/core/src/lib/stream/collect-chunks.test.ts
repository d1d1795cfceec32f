import { describe, expect, it } from "vitest";
import type { ChatChunk } from "../contract/chat-response.ts";
import { collectChunks } from "./collect-chunks.ts";

type Delta = ChatChunk["choices"][number]["delta"];

const envelope = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m" };
const saying = (delta: Delta, finish_reason: string | null = null): ChatChunk => ({
  ...envelope,
  choices: [{ index: 0, delta, finish_reason }],
});

describe("chunks collected", () => {
  it("spell the response, reasoning apart from text", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const chunks = [
      saying({ role: "assistant", content: "" }),
      saying({ reasoning_content: "h" }),
      saying({ reasoning_content: "m" }),
      saying({ content: "Hello" }),
      saying({ content: ", 🌙" }),
      { ...saying({}, "stop"), system_fingerprint: "fp" },
      { ...envelope, choices: [], usage },
    ];
    expect(collectChunks(chunks)).toEqual({
      ...envelope,
      object: "chat.completion",
      system_fingerprint: "fp",
      usage,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello, 🌙", reasoning_content: "hm" },
          finish_reason: "stop",
        },
      ],
    });
  });

  it("assemble interleaved tool calls by index", () => {
    const { choices } = collectChunks([
      saying({ role: "assistant", content: null }),
      saying({
        tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "sun", arguments: "" } }],
      }),
      saying({ tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "moon" } }] }),
      saying({ tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] }),
      saying({
        tool_calls: [
          { index: 1, function: { arguments: "{}" } },
          { index: 0, function: { arguments: ":1}" } },
        ],
      }),
      saying({}, "tool_calls"),
    ]);
    expect(choices[0]).toEqual({
      index: 0,
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        content: null,
        tool_calls: [
          { index: 0, id: "a", type: "function", function: { name: "sun", arguments: '{"x":1}' } },
          { index: 1, id: "b", type: "function", function: { name: "moon", arguments: "{}" } },
        ],
      },
    });
  });

  it("keep what a later null repeats", () => {
    const { choices, usage } = collectChunks([
      {
        ...saying({ role: "assistant", content: null, tool_calls: null }),
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      },
      saying({ role: null, tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f" } }] }),
      saying({
        role: null,
        tool_calls: [{ index: 0, id: null, type: null, function: { name: null, arguments: "{}" } }],
      }),
      { ...saying({ content: null }, "tool_calls"), usage: null },
    ]);
    expect(choices[0]?.message).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
    });
    expect(usage).toEqual({ prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 });
  });

  it("take tool calls without an index for whole ones", () => {
    const call = (id: string) => ({ id, function: { name: id, arguments: "{}" } });
    const { choices } = collectChunks([
      saying({ tool_calls: [call("a")] }),
      saying({ tool_calls: [call("b")] }),
    ]);
    expect(choices[0]?.message.tool_calls?.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("keep several choices apart, in order", () => {
    const at = (index: number, content: string, finish_reason: string | null = null): ChatChunk => ({
      choices: [{ index, delta: { content }, finish_reason }],
    });
    const { choices } = collectChunks([at(1, "b"), at(0, "a"), at(1, "b", "length"), at(0, "a", "stop")]);
    expect(choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
      ["aa", "stop"],
      ["bb", "length"],
    ]);
  });

  it("never invent a finish reason", () => {
    expect(collectChunks([saying({ content: "x" })]).choices[0]?.finish_reason).toBeNull();
    expect(collectChunks([])).toEqual({ object: "chat.completion", choices: [] });
  });

  it("leave the chunks as they were", () => {
    const chunks = [
      saying({ tool_calls: [{ index: 0, function: { name: "f", arguments: "{" } }] }),
      saying({ tool_calls: [{ index: 0, function: { arguments: "}" } }] }),
    ];
    const before = structuredClone(chunks);
    collectChunks(chunks);
    expect(chunks).toEqual(before);
  });
});
