import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../contract/chat-request.ts";
import { estimatePromptTokens, expectedOutputTokens, outputLimit } from "./expected-tokens.ts";

const ask = (
  content: ChatRequest["messages"][number]["content"],
  more: Partial<ChatRequest> = {},
): ChatRequest => ({
  model: "m",
  messages: [{ role: "user", content: content ?? "" }],
  ...more,
});

describe("the rough size of a prompt", () => {
  it.each<[string, ChatRequest, number]>([
    ["four bytes a token, and four tokens a message", ask("x".repeat(400)), 104],
    ["Chinese by its bytes, three quarters of a token a character", ask("月".repeat(400)), 304],
    ["the text of parts", ask([{ type: "text", text: "x".repeat(400) }]), 104],
    [
      "an image as an image, not as its base64",
      ask([{ type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(1_000_000)}` } }]),
      1_004,
    ],
    [
      "reasoning and tool arguments",
      {
        model: "m",
        messages: [
          {
            role: "assistant",
            content: null,
            reasoning_content: "x".repeat(40),
            tool_calls: [{ function: { name: "f", arguments: "y".repeat(40) } }],
          },
        ],
      },
      24,
    ],
    ["tools", ask("", { tools: [{ type: "function", function: { name: "f" } }] }), 4 + 12],
  ])("counts %s", (_, request, tokens) => {
    expect(estimatePromptTokens(request)).toBe(tokens);
  });
});

describe("the expected length of an answer", () => {
  it.each([
    ["the usual thousand when nothing limits it", {}, 1_000, undefined],
    ["the limit when that is shorter", { max_tokens: 50 }, 50, 50],
    ["the usual thousand under a generous limit", { max_completion_tokens: 32_000 }, 1_000, 32_000],
    ["the newer of the two names first", { max_completion_tokens: 20, max_tokens: 500 }, 20, 20],
    ["nothing of a null", { max_tokens: null }, 1_000, undefined],
  ])("is %s", (_, more, expected, limit) => {
    expect(expectedOutputTokens(ask("", more))).toBe(expected);
    expect(outputLimit(ask("", more))).toBe(limit);
  });
});
