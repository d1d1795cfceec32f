import { chatRequestSchema, type Adjustment, type ChatRequest } from "@perilune/core/provider";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { targetOf } from "../../test/target-of.ts";
import { moonshotAdapter } from "../index.ts";

const modelId = fc.constantFrom(...moonshotAdapter.models.map(({ id }) => id), "kimi-k9", "unheard-of");

const text = fc.constantFrom("", " ", "a", "b");
const content = fc.oneof(
  text,
  fc.array(
    fc.oneof(
      fc.record({ type: fc.constant("text"), text }),
      fc.constant({ type: "image_url", image_url: { url: "ms://1" } }),
    ),
    { maxLength: 3 },
  ),
);
const functionCall = fc.record({ name: fc.constantFrom("f", "g"), arguments: fc.constant("{}") });
const toolCall = fc.record({
  id: fc.constantFrom("f:0", "g:1"),
  type: fc.constant("function"),
  function: functionCall,
});
const optional = { requiredKeys: ["role"] as ["role"] };
const message = fc.oneof(
  fc.record({ role: fc.constantFrom("system" as const, "developer" as const), content }),
  fc.record({ role: fc.constant("user" as const), content }),
  fc.record(
    {
      role: fc.constant("assistant" as const),
      content: fc.option(content),
      reasoning_content: fc.option(text),
      tool_calls: fc.option(fc.array(toolCall, { maxLength: 2 })),
      function_call: fc.option(functionCall),
      partial: fc.boolean(),
      provider_specific_fields: fc.constantFrom({ reasoning_content: "r" }, null),
    },
    optional,
  ),
  fc.record({ role: fc.constant("tool" as const), tool_call_id: fc.constant("f:0"), content }),
  fc.record({
    role: fc.constant("function" as const),
    name: fc.constantFrom("f", "g"),
    content: fc.option(text),
  }),
);

const schema = fc.oneof(
  fc.constant(undefined),
  fc.constant({ type: "object", properties: { a: { type: "string" } } }),
  fc.constant({ $schema: "x", type: "object", properties: { a: { const: 1 } }, required: ["b"] }),
  fc.constant({ type: "object", properties: { a: { oneOf: [{ type: "string" }, { type: "null" }] } } }),
);
const declaration = schema.map((parameters) => ({ name: "f", ...(parameters && { parameters }) }));
const tool = fc.oneof(
  declaration.map((declared) => ({ type: "function", function: declared })),
  fc.constant({ type: "builtin_function", function: { name: "$web_search" } }),
);
const named = { type: "function", function: { name: "f" } };
const effort = fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh", "max", "other");
const thinking = fc.oneof(
  fc.boolean(),
  fc.record(
    {
      type: fc.constantFrom("enabled", "disabled", "adaptive"),
      keep: fc.constantFrom("all", null),
      budget_tokens: fc.nat(),
      effort,
    },
    { requiredKeys: [] },
  ),
);

const request: fc.Arbitrary<ChatRequest> = fc
  .record(
    {
      unheardOf: fc.jsonValue(),
      model: fc.constant("alias"),
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      stream: fc.boolean(),
      stream_options: fc.constantFrom(null, {}, { include_usage: false }, { include_usage: true, other: 1 }),
      temperature: fc.option(fc.constantFrom(0, 0.2, 0.3, 0.6, 1, 1.5)),
      top_p: fc.constantFrom(0.5, 0.95),
      n: fc.constantFrom(1, 2),
      presence_penalty: fc.constantFrom(0, 1),
      max_tokens: fc.option(fc.nat()),
      max_completion_tokens: fc.option(fc.nat()),
      tools: fc.option(fc.array(tool, { maxLength: 2 })),
      tool_choice: fc.constantFrom(null, "auto", "none", "required", named),
      functions: fc.array(declaration, { maxLength: 2 }),
      function_call: fc.constantFrom(null, "auto", { name: "f" }),
      thinking: fc.option(thinking),
      reasoning_effort: fc.option(effort),
      response_format: schema.map((given) => ({
        type: "json_schema",
        json_schema: { name: "a", schema: given },
      })),
      parallel_tool_calls: fc.boolean(),
    },
    { requiredKeys: ["model", "messages"] },
  )
  // As they come over the wire: without fields that are undefined.
  .map((value) => chatRequestSchema.parse(JSON.parse(JSON.stringify(value))));

function encode(given: ChatRequest, id: string) {
  return moonshotAdapter.chat.encodeRequest(given, targetOf(id));
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** Where two JSON values differ, as paths in the manner of adjustments. */
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (Object.is(before, after)) return [];
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after))
    return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(before[key], after[key], join(path, key, Array.isArray(before))),
  );
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function join(path: string, key: string, isItem: boolean): string {
  if (isItem) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function covers({ action, parameter, to }: Adjustment, path: string): boolean {
  const places = action === "renamed" ? [parameter, String(to)] : [parameter];
  return places.some(
    (place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`),
  );
}

/** An adjustment of a member may concern a parent that was absent or null before. */
function explains(adjustment: Adjustment, path: string): boolean {
  return covers(adjustment, path) || adjustment.parameter.startsWith(`${path}.`);
}

describe("any request to any model", () => {
  it("is encoded the same every time, and left as it was", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const encoded = encode(deepFreeze(given), id);
        expect(encode(given, id)).toEqual(encoded);
      }),
    );
  });

  it("differs from what is sent nowhere but in its address and where an adjustment says so", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const { body, adjustments } = encode(given, id);
        const unexplained = differences({ ...given, model: id }, body).filter(
          (path) => !adjustments.some((adjustment) => explains(adjustment, path)),
        );
        expect(unexplained).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("is different wherever an adjustment says so", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const { body, adjustments } = encode(given, id);
        const paths = differences({ ...given, model: id }, body);
        expect(paths.length > 0).toBe(adjustments.length > 0);
      }),
    );
  });

  it("needs no second encoding", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const once = chatRequestSchema.parse(encode(given, id).body);
        const twice = encode(once, id);
        expect(twice.adjustments).toEqual([]);
        expect(twice.body).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the fields nobody knows, in their order", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const { body } = encode(given, id);
        expect(body["unheardOf"]).toEqual(given["unheardOf"]);
        const kept = Object.keys(given).filter((name) => name in body);
        expect(Object.keys(body).filter((name) => kept.includes(name))).toEqual(kept);
      }),
    );
  });

  it("never asks for both ways of steering thinking", () => {
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const { body } = encode(given, id);
        expect(Boolean(body["thinking"]) && Boolean(body["reasoning_effort"])).toBe(false);
      }),
    );
  });

  it("tells nothing of the conversation in its adjustments", () => {
    const secret = "correct horse battery staple";
    fc.assert(
      fc.property(request, modelId, (given, id) => {
        const messages = given.messages.map((message) =>
          typeof message.content === "string" ? { ...message, content: secret } : message,
        );
        expect(JSON.stringify(encode({ ...given, messages }, id).adjustments)).not.toContain(secret);
      }),
    );
  });
});
