import { describe, expect, it } from "vitest";
import type { ChatChunk } from "../contract/chat-response.ts";
import { commits } from "./commits.ts";

const withDelta = (delta: Record<string, unknown>, finish_reason: string | null = null): ChatChunk => ({
  choices: [{ index: 0, delta, finish_reason }],
});

describe("a chunk worth committing to", () => {
  it.each<[string, ChatChunk]>([
    ["text", withDelta({ content: "x" })],
    ["a space", withDelta({ content: " " })],
    ["reasoning", withDelta({ reasoning_content: "hm" })],
    ["a tool call", withDelta({ tool_calls: [{ index: 0, id: "t" }] })],
    ["a refusal", withDelta({ refusal: "no" })],
    ["a field nobody has heard of", withDelta({ audio: { id: "a" } })],
    ["a finish reason", withDelta({}, "stop")],
    [
      "text in the second choice",
      {
        choices: [
          { index: 0, delta: {} },
          { index: 1, delta: { content: "x" } },
        ],
      },
    ],
  ])("has %s", (_, chunk) => {
    expect(commits(chunk)).toBe(true);
  });

  it.each<[string, ChatChunk]>([
    ["a role", withDelta({ role: "assistant" })],
    ["a role and empty text", withDelta({ role: "assistant", content: "" })],
    ["nulls", withDelta({ content: null, reasoning_content: null, tool_calls: null, refusal: null })],
    ["no tool calls", withDelta({ tool_calls: [] })],
    ["an empty delta", withDelta({})],
    ["a usage report", { choices: [], usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 } }],
  ])("has more than %s", (_, chunk) => {
    expect(commits(chunk)).toBe(false);
  });
});
