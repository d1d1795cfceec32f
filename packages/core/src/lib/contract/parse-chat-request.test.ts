import { describe, expect, it } from "vitest";
import { jsonPath, parseChatRequest } from "./parse-chat-request.ts";

const user = { role: "user", content: "Hi" };

describe("a chat request", () => {
  it("is the very value that was given, fields nobody has heard of included", () => {
    const value = JSON.parse(
      '{"x_new":{"deep":[null]},"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}],"x":1}],"stop":null,"thinking":{"type":"enabled"}}',
    );
    const before = JSON.stringify(value);
    expect(parseChatRequest(value)).toBe(value);
    expect(JSON.stringify(value)).toBe(before);
  });

  it.each([
    { role: "system", content: "s" },
    { role: "developer", content: "s" },
    { role: "system", tools: [] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "assistant", content: "x", partial: true, reasoning_content: "hm" },
    { role: "tool", content: "x", tool_call_id: "1" },
    { role: "function", name: "f", content: "x" },
  ])("may hold the message %j", (message) => {
    expect(parseChatRequest({ model: "m", messages: [message] }).messages).toEqual([message]);
  });

  it.each<[string | undefined, unknown]>([
    [undefined, null],
    [undefined, "text"],
    [undefined, []],
    ["model", { messages: [user] }],
    ["model", { model: "", messages: [user] }],
    ["model", { model: 1, messages: [user] }],
    ["messages", { model: "m" }],
    ["messages", { model: "m", messages: [] }],
    ["messages[1].role", { model: "m", messages: [user, { role: "moon", content: "x" }] }],
    ["messages[0].content", { model: "m", messages: [{ role: "user" }] }],
    ["messages[0].content", { model: "m", messages: [{ role: "user", content: 1 }] }],
    ["stream", { model: "m", messages: [user], stream: "yes" }],
    ["stream_options.include_usage", { model: "m", messages: [user], stream_options: { include_usage: 1 } }],
    ["temperature", { model: "m", messages: [user], temperature: "hot" }],
    ["n", { model: "m", messages: [user], n: 0 }],
    ["max_tokens", { model: "m", messages: [user], max_tokens: 1.5 }],
    ["tools[0].function.name", { model: "m", messages: [user], tools: [{ type: "function", function: {} }] }],
  ])("with a fault at %s is refused, naming the place", (parameter, value) => {
    const place = parameter ?? "The body is not a chat request";
    expect(() => parseChatRequest(value)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        origin: "caller",
        message: expect.stringMatching(new RegExp(`^${place.replaceAll(/[[\].]/gu, "\\$&")}: .+\\.$`, "u")),
        facts: expect.objectContaining(parameter === undefined ? { failure: "not_sent" } : { parameter }),
      }),
    );
  });

  it("names the roles there are for a role that is none", () => {
    expect(() => parseChatRequest({ model: "m", messages: [{ role: "moon", content: "x" }] })).toThrow(
      "messages[0].role: expected one of system, developer, user, assistant, tool, function.",
    );
  });

  it("does not repeat what the caller wrote in its refusal", () => {
    const secret = "a very private sentence";
    for (const messages of [[{ role: "user", content: { secret } }], [{ role: secret }], secret]) {
      expect(() => parseChatRequest({ model: "m", messages })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      );
    }
  });
});

describe("a JSON path", () => {
  it.each([
    [[], ""],
    [["model"], "model"],
    [["messages", 3, "content", 0, "type"], "messages[3].content[0].type"],
  ])("of %j is %j", (path, written) => {
    expect(jsonPath(path)).toBe(written);
  });
});
