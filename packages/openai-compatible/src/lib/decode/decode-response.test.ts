import { ProviderError } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { exampleProvider, target } from "../../../test/example-provider.ts";

const { chat } = exampleProvider();
const decode = (body: unknown) => chat.decodeResponse(JSON.stringify(body), target);

const message = { role: "assistant", content: "hello" };
const choice = { index: 0, message, finish_reason: "stop" };
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const call = (args: unknown) => ({ id: "a", type: "function", function: { name: "f", arguments: args } });
const answer = { id: "1", zeta: true, choices: [choice], usage, alpha: {} };

function failure(body: string): ProviderError {
  try {
    chat.decodeResponse(body, target);
  } catch (thrown) {
    if (thrown instanceof ProviderError) return thrown;
  }
  throw new Error("decoding did not fail with a ProviderError");
}

describe("an answer", () => {
  it("keeps its text when nothing had to change", () => {
    const text = JSON.stringify(answer, null, 2);
    expect(chat.decodeResponse(text, target)).toEqual({ response: answer, usage, text });
  });

  it("keeps unknown fields in their order", () => {
    expect(JSON.stringify(decode(answer).response)).toBe(JSON.stringify(answer));
  });

  it("gets its counts into the canonical places, and then has no text of its own", () => {
    const decoded = decode({ ...answer, usage: { ...usage, cached_tokens: 4 } });
    const mapped = { ...usage, cached_tokens: 4, prompt_tokens_details: { cached_tokens: 4 } };
    expect(decoded).toEqual({ response: { ...answer, usage: mapped }, usage: mapped });
  });

  it("may have no usage and no content", () => {
    const { usage: _usage, ...silent } = { ...answer, choices: [{ ...choice, message: { content: null } }] };
    expect(decode(silent)).toEqual({ response: silent, text: JSON.stringify(silent) });
  });

  it("takes usage from its choices when the whole has none", () => {
    const { usage: _usage, ...bare } = answer;
    const choices = [0, 1].map((index) => ({ ...choice, index, usage }));
    const merged = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    expect(decode({ ...bare, choices })).toEqual({
      response: { ...bare, choices, usage: merged },
      usage: merged,
    });
  });

  it("loses usage that cannot be read rather than claiming it", () => {
    const { usage: _usage, ...bare } = answer;
    expect(decode({ ...bare, usage: { tokens: "many" } })).toEqual({ response: bare });
  });

  it("gets arguments sent as an object as their text", () => {
    const withCall = (args: unknown) => ({
      ...answer,
      choices: [{ ...choice, message: { ...message, tool_calls: [call(args)] } }],
    });
    expect(decode(withCall({ city: "Ulm" }))).toEqual({ response: withCall('{"city":"Ulm"}'), usage });
    expect(decode(withCall('{"city":"Ulm"}'))).toHaveProperty("text");
  });

  it("gets a missing index from its place", () => {
    const { index: _index, ...unplaced } = choice;
    expect(decode({ ...answer, choices: [unplaced] }).response.choices[0]?.index).toBe(0);
  });
});

describe("an answer that is rebuilt", () => {
  const id = "12345678901234567890";
  const rebuilt = (fields: string) =>
    chat.decodeResponse(
      `{"id":"1","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],${fields}}`,
      target,
    );

  it("keeps the digits of numbers that no double holds", () => {
    const decoded = rebuilt(`"x":{"y":[${id}]},"usage":{"prompt_tokens":1,"completion_tokens":2,"z":${id}}`);
    expect(decoded).not.toHaveProperty("text");
    expect(JSON.stringify(decoded.response)).toBe(
      '{"id":"1","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],' +
        `"x":{"y":[${id}]},"usage":{"prompt_tokens":1,"completion_tokens":2,"z":${id},"total_tokens":3}}`,
    );
  });

  it("is metered in plain numbers", () => {
    const { usage: metered } = rebuilt(
      `"x":${id},"usage":{"prompt_tokens":1,"completion_tokens":2,"z":${id}}`,
    );
    expect(metered).toEqual({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, z: Number(id) });
  });

  it("loses usage that is one enormous number", () => {
    expect(JSON.stringify(rebuilt(`"usage":${id},"x":${id}`).response)).toMatch(
      new RegExp(`"stop"}],"x":${id}}$`),
    );
  });
});

describe("a 200 that is no answer", () => {
  it.each([
    ["HTML", "<html>"],
    ["nothing", ""],
    ["a list", "[]"],
    ["no choices", "{}"],
    ["empty choices", JSON.stringify({ ...answer, choices: [] })],
    ["no finish_reason", JSON.stringify({ ...answer, choices: [{ ...choice, finish_reason: null }] })],
    ["a choice that never ended", JSON.stringify({ ...answer, choices: [choice, { index: 1, message }] })],
    [
      "content of another kind",
      JSON.stringify({ ...answer, choices: [{ ...choice, message: { content: 5 } }] }),
    ],
  ])("is invalid_response: %s", (_name, body) => {
    expect(failure(body).facts).toMatchObject({
      code: "invalid_response",
      origin: "upstream",
      providerId: "example",
      modelId: "example-1",
    });
  });

  it("is the error it reports", () => {
    const body = { error: { message: "Slow down", type: "rate_limit_error" } };
    expect(failure(JSON.stringify(body)).facts).toMatchObject({ code: "rate_limited", message: "Slow down" });
  });
});
