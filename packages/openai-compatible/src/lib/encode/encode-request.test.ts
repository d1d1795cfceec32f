import type { ChatRequest } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { exampleProvider, target } from "../../../test/example-provider.ts";
import { removeParameter, renameParameter, setParameter } from "./change-parameter.ts";
import type { RequestRule } from "./request-rule.ts";

const request: ChatRequest = { model: "alias", messages: [{ role: "user", content: "hi" }] };
const because = { reason: "It is a test.", effect: "meaning" } as const;

const addOne: RequestRule = (request) =>
  setParameter(request, "temperature", (request.temperature ?? 0) + 1, because);

describe("encoding", () => {
  it("posts to the chat path and puts the target's id in the place of the name the client used", () => {
    const encoded = exampleProvider().chat.encodeRequest(request, target);
    expect(encoded).toEqual({
      method: "POST",
      path: "/chat/completions",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: { model: "example-1", messages: [{ role: "user", content: "hi" }] },
      adjustments: [],
    });
  });

  it("keeps fields it has never heard of, in the order they came", () => {
    const strange = { zeta: { deep: [1, null] }, ...request, alpha: false };
    const { body } = exampleProvider().chat.encodeRequest(strange, target);
    expect(JSON.stringify(body)).toBe(JSON.stringify({ ...strange, model: "example-1" }));
  });

  it("asks for an event stream and its usage when the client streams", () => {
    const encoded = exampleProvider().chat.encodeRequest({ ...request, stream: true }, target);
    expect(encoded.headers["accept"]).toBe("text/event-stream");
    expect(encoded.body["stream_options"]).toEqual({ include_usage: true });
    expect(encoded.adjustments).toMatchObject([
      { parameter: "stream_options.include_usage", action: "added", to: true, effect: "spelling" },
    ]);
  });

  it.each([
    ["false", { include_usage: false, other: 1 }, "changed", { include_usage: true, other: 1 }],
    ["null", null, "added", { include_usage: true }],
  ])("turns usage on where the client's stream_options say %s", (_name, before, action, after) => {
    const encoded = exampleProvider().chat.encodeRequest(
      { ...request, stream: true, stream_options: before },
      target,
    );
    expect(encoded.body["stream_options"]).toEqual(after);
    expect(encoded.adjustments).toMatchObject([{ action }]);
  });

  it.each([
    ["asks for usage itself", { stream: true, stream_options: { include_usage: true } }],
    ["does not stream", { stream: false }],
  ])("reports nothing when the client %s", (_name, fields) => {
    const encoded = exampleProvider().chat.encodeRequest({ ...request, ...fields }, target);
    expect(encoded.adjustments).toEqual([]);
    expect(encoded.body).toEqual({ ...request, ...fields, model: "example-1" });
  });

  it("applies a provider's rules in order, each to what the one before left", () => {
    const encodeRules = [addOne, () => undefined, addOne];
    const encoded = exampleProvider({ encodeRules }).chat.encodeRequest(request, target);
    expect(encoded.body["temperature"]).toBe(2);
    expect(encoded.adjustments.map(({ action, from, to }) => ({ action, from, to }))).toEqual([
      { action: "added", from: undefined, to: 1 },
      { action: "changed", from: 1, to: 2 },
    ]);
  });
});

describe("changing a parameter", () => {
  it("renames in the same place", () => {
    const { request: renamed, adjustments } = renameParameter({ ...request, a: 1, b: 2 }, "a", "c", because);
    expect(Object.keys(renamed)).toEqual(["model", "messages", "c", "b"]);
    expect(adjustments).toEqual([{ parameter: "a", action: "renamed", to: "c", ...because }]);
  });

  it("leaves the request it was given as it was", () => {
    const given = Object.freeze({ ...request, a: 1 });
    expect(removeParameter(given, "a", because).request).toEqual(request);
    expect(given).toHaveProperty("a");
  });

  it.each([["x".repeat(65)], ["two words"], ["line\nbreak"], [{ deep: 1 }]])(
    "never puts more than a word into the record: %j",
    (value) => {
      const { adjustments } = setParameter(request, "a", value, because);
      expect(adjustments).toEqual([{ parameter: "a", action: "added", ...because }]);
    },
  );
});
