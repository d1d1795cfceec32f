import type { ChatMessage, ChatRequest } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { targetOf } from "../../test/target-of.ts";
import { moonshotAdapter } from "../index.ts";

const hello: ChatMessage = { role: "user", content: "hello" };

/** What the rules make of a request's fields, and the adjustments as `action parameter: effect`. */
function encode(modelId: string, fields: Partial<ChatRequest>) {
  const request: ChatRequest = { model: modelId, messages: [hello], ...fields };
  const { body, adjustments } = moonshotAdapter.chat.encodeRequest(request, targetOf(modelId));
  const { model: _model, messages, ...parameters } = body;
  const isAsked = "messages" in fields;
  return {
    parameters: isAsked ? { ...parameters, messages } : withoutHello(parameters, messages),
    adjustments: adjustments.map(({ action, parameter, effect }) => `${action} ${parameter}: ${effect}`),
  };
}

/** Tables say nothing of the messages unless a rule touched them. */
function withoutHello(parameters: object, messages: unknown): object {
  const isUntouched = JSON.stringify(messages) === JSON.stringify([hello]);
  return isUntouched ? parameters : { ...parameters, messages };
}

function reasons(modelId: string, fields: Partial<ChatRequest>): string[] {
  const request: ChatRequest = { model: modelId, messages: [hello], ...fields };
  const { adjustments } = moonshotAdapter.chat.encodeRequest(request, targetOf(modelId));
  return adjustments.map(({ reason }) => reason);
}

type Row = readonly [modelId: string, before: object, after: object, ...adjustments: string[]];

function table(rows: readonly Row[]): void {
  it.each(rows.map(([modelId, before, after, ...adjustments]) => ({ modelId, before, after, adjustments })))(
    "$modelId: $before becomes $after",
    ({ modelId, before, after, adjustments }) => {
      expect(encode(modelId, before)).toEqual({ parameters: after, adjustments });
    },
  );
}

const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: {} } },
};
const clock = { type: "function", function: { ...weather.function, name: "clock" } };
const named = { type: "function", function: { name: "weather" } };
const off = { type: "disabled" };
const on = { type: "enabled" };
const asked = (content: string): ChatMessage[] => [hello, { role: "user", content }];
const selectATool = asked("Please select a tool to handle the current issue.");
const useWeather = asked("Please use the tool weather to handle the current issue.");

describe("temperature where it is free", () => {
  table([
    ["moonshot-v1-8k", { temperature: 1.7 }, { temperature: 1 }, "changed temperature: meaning"],
    ["kimi-k2-0905-preview", { temperature: 2 }, { temperature: 1 }, "changed temperature: meaning"],
    ["moonshot-v1-8k", { temperature: 1 }, { temperature: 1 }],
    ["moonshot-v1-8k", { temperature: 0, n: 2 }, { temperature: 0.3, n: 2 }, "changed temperature: meaning"],
    [
      "moonshot-v1-8k",
      { temperature: 0.29, n: 3 },
      { temperature: 0.3, n: 3 },
      "changed temperature: meaning",
    ],
    ["moonshot-v1-8k", { temperature: 0.3, n: 2 }, { temperature: 0.3, n: 2 }],
    ["moonshot-v1-8k", { temperature: 0, n: 1 }, { temperature: 0, n: 1 }],
    ["moonshot-v1-8k", { temperature: 0 }, { temperature: 0 }],
    ["moonshot-v1-8k", { n: 2, top_p: 0.1 }, { n: 2, top_p: 0.1 }],
  ]);
});

describe("sampling where it is fixed", () => {
  table([
    ...["kimi-k2.5", "kimi-k2.6", "kimi-k2.7-code", "kimi-k3", "kimi-k3.1-pro", "kimi-k9"].map(
      (modelId): Row => [modelId, { temperature: 0.7 }, {}, "removed temperature: meaning"],
    ),
    ["kimi-k3", { temperature: 1.7 }, {}, "removed temperature: meaning"],
    ["kimi-k3", { top_p: 0.5 }, {}, "removed top_p: meaning"],
    ["kimi-k3", { n: 2 }, {}, "removed n: meaning"],
    ["kimi-k3", { presence_penalty: 1 }, {}, "removed presence_penalty: meaning"],
    ["kimi-k3", { frequency_penalty: -1 }, {}, "removed frequency_penalty: meaning"],
    [
      "kimi-k3",
      { temperature: 1, top_p: 0.95, n: 1, presence_penalty: 0, frequency_penalty: 0 },
      { temperature: 1, top_p: 0.95, n: 1, presence_penalty: 0, frequency_penalty: 0 },
    ],
    ["kimi-k2.6", { temperature: 0.6, thinking: off }, { temperature: 0.6, thinking: off }],
    ["kimi-k2.6", { temperature: 1, thinking: off }, { thinking: off }, "removed temperature: meaning"],
    ["kimi-k2.6", { temperature: 0.6 }, {}, "removed temperature: meaning"],
    ["kimi-k3", { temperature: null }, { temperature: null }],
  ]);
});

describe("the limit of an answer", () => {
  table([
    ["kimi-k3", { max_tokens: 9 }, { max_completion_tokens: 9 }, "renamed max_tokens: spelling"],
    [
      "moonshot-v1-8k",
      { max_tokens: 9, max_completion_tokens: null },
      { max_completion_tokens: 9 },
      "renamed max_tokens: spelling",
    ],
    [
      "kimi-k3",
      { max_tokens: 9, max_completion_tokens: 8 },
      { max_completion_tokens: 8 },
      "removed max_tokens: spelling",
    ],
    ["kimi-k3", { max_completion_tokens: 8 }, { max_completion_tokens: 8 }],
  ]);
});

describe("a tool that must be called", () => {
  const required = { tools: [weather], tool_choice: "required" };
  table([
    ...["moonshot-v1-8k", "kimi-k2-0905-preview", "kimi-k2.5", "kimi-k2.6", "kimi-k2.7-code"].map(
      (modelId): Row => [
        modelId,
        required,
        { tools: [weather], messages: selectATool },
        "removed tool_choice: meaning",
        "added messages[1]: meaning",
      ],
    ),
    ...["kimi-k3", "kimi-k3.1-pro", "kimi-k9"].map((modelId): Row => [modelId, required, required]),
    ["kimi-k2.6", { tool_choice: "auto" }, { tool_choice: "auto" }],
  ]);

  describe("is not asked for in words where none is offered", () => {
    table([
      ["kimi-k2.6", { tool_choice: "required" }, {}, "removed tool_choice: meaning"],
      ["kimi-k2.6", { tool_choice: "required", tools: [] }, { tools: [] }, "removed tool_choice: meaning"],
      [
        "kimi-k2.6",
        { tool_choice: "required", tools: null },
        { tools: null },
        "removed tool_choice: meaning",
      ],
      ["kimi-k2.7-code", { tool_choice: named }, {}, "removed tool_choice: meaning"],
    ]);
  });

  it("is not asked for in words after a partial message, which has to stay the last", () => {
    const messages: ChatMessage[] = [hello, { role: "assistant", content: "{", partial: true }];
    expect(encode("kimi-k2.6", { messages, ...required })).toEqual({
      parameters: { messages, tools: [weather] },
      adjustments: ["removed tool_choice: meaning"],
    });
  });
});

describe("a tool chosen by name", () => {
  const choice = { tools: [weather], tool_choice: named };
  table([
    ["kimi-k2.5", choice, { ...choice, thinking: off }, "added thinking: meaning"],
    ["kimi-k2.6", choice, { ...choice, thinking: off }, "added thinking: meaning"],
    ["kimi-k2.6", { ...choice, thinking: off }, { ...choice, thinking: off }],
    [
      "kimi-k2.6",
      { ...choice, thinking: on },
      { tools: [weather], thinking: on, messages: useWeather },
      "removed tool_choice: meaning",
      "added messages[1]: meaning",
    ],
    [
      "kimi-k2.7-code",
      choice,
      { tools: [weather], messages: useWeather },
      "removed tool_choice: meaning",
      "added messages[1]: meaning",
    ],
    ["kimi-k3", choice, { ...choice, tool_choice: "required" }, "changed tool_choice: spelling"],
    [
      "kimi-k3",
      { ...choice, tools: [weather, clock] },
      { tools: [weather], tool_choice: "required" },
      "changed tool_choice: spelling",
      "changed tools: meaning",
    ],
    [
      "kimi-k3",
      { ...choice, messages: [hello, { role: "system", tools: [clock] }] },
      { tools: [weather], messages: [hello, { role: "system", tools: [clock] }, ...useWeather.slice(1)] },
      "removed tool_choice: meaning",
      "added messages[2]: meaning",
    ],
    ["kimi-k2-0905-preview", choice, choice],
  ]);
});

describe("thinking steered by an object", () => {
  table([
    [
      "kimi-k2.6",
      { reasoning_effort: "none" },
      { thinking: off },
      "removed reasoning_effort: spelling",
      "added thinking: spelling",
    ],
    [
      "kimi-k2.5",
      { reasoning_effort: "high" },
      { thinking: on },
      "removed reasoning_effort: meaning",
      "added thinking: spelling",
    ],
    ["kimi-k2.7-code", { reasoning_effort: "none" }, {}, "removed reasoning_effort: meaning"],
    [
      "kimi-k2.6",
      { reasoning_effort: "high", thinking: off },
      { thinking: off },
      "removed reasoning_effort: meaning",
    ],
    [
      "kimi-k2.6",
      { reasoning_effort: "high", thinking: false },
      { thinking: off },
      "removed reasoning_effort: meaning",
      "changed thinking: spelling",
    ],
    ["kimi-k2.6", { thinking: false }, { thinking: off }, "changed thinking: spelling"],
    ["kimi-k2.6", { thinking: true }, { thinking: on }, "changed thinking: spelling"],
    ["kimi-k2.7-code", { thinking: false }, { thinking: on }, "changed thinking: meaning"],
    ["kimi-k2.7-code", { thinking: off }, { thinking: on }, "changed thinking.type: meaning"],
    ["kimi-k2.6", { thinking: { type: "adaptive" } }, { thinking: on }, "changed thinking.type: spelling"],
    [
      "kimi-k2.6",
      { thinking: { keep: "all" } },
      { thinking: { ...on, keep: "all" } },
      "added thinking.type: spelling",
    ],
    ["kimi-k2.6", { thinking: { ...on, keep: null } }, { thinking: { ...on, keep: null } }],
    ["kimi-k2.5", { thinking: { ...on, keep: "all" } }, { thinking: on }, "removed thinking.keep: meaning"],
    [
      "kimi-k2.7-code",
      { thinking: { ...on, keep: null } },
      { thinking: on },
      "removed thinking.keep: spelling",
    ],
    [
      "kimi-k2.6",
      { thinking: { ...on, budget_tokens: 9 } },
      { thinking: on },
      "removed thinking.budget_tokens: meaning",
    ],
    ["kimi-k2.6", { thinking: { ...on, "a b": 1 } }, { thinking: on }, "removed thinking: meaning"],
    ["kimi-k2.6", { thinking: on }, { thinking: on }],
  ]);
});

describe("thinking steered by effort", () => {
  table([
    ...["low", "high", "max"].map((reasoning_effort): Row => [
      "kimi-k3",
      { reasoning_effort },
      { reasoning_effort },
    ]),
    ...(["none", "minimal"] as const).map((reasoning_effort): Row => [
      "kimi-k3",
      { reasoning_effort },
      { reasoning_effort: "low" },
      "changed reasoning_effort: meaning",
    ]),
    [
      "kimi-k3.1-pro",
      { reasoning_effort: "medium" },
      { reasoning_effort: "high" },
      "changed reasoning_effort: meaning",
    ],
    [
      "kimi-k9",
      { reasoning_effort: "xhigh" },
      { reasoning_effort: "max" },
      "changed reasoning_effort: spelling",
    ],
    ["kimi-k3", { reasoning_effort: "toString" }, {}, "removed reasoning_effort: meaning"],
    ["kimi-k3", { thinking: on }, {}, "removed thinking: spelling"],
    [
      "kimi-k3",
      { thinking: on, reasoning_effort: "low" },
      { reasoning_effort: "low" },
      "removed thinking: spelling",
    ],
    [
      "kimi-k3",
      { thinking: off },
      { reasoning_effort: "low" },
      "removed thinking: meaning",
      "added reasoning_effort: spelling",
    ],
    [
      "kimi-k3",
      { thinking: { ...on, effort: "high" } },
      { reasoning_effort: "high" },
      "removed thinking: spelling",
      "added reasoning_effort: spelling",
    ],
    [
      "kimi-k3",
      { thinking: off, reasoning_effort: "medium" },
      { reasoning_effort: "high" },
      "removed thinking: meaning",
      "changed reasoning_effort: meaning",
    ],
  ]);

  it.each([
    [{ thinking: off }, "This model always thinks; the lowest effort is nearest to what was asked."],
    [
      { thinking: off, reasoning_effort: "medium" },
      "This model always thinks; the reasoning_effort that was given as well says how much.",
    ],
    [{ thinking: on }, "This model always thinks and takes reasoning_effort instead of a thinking object."],
  ])("says of %j what became of the wish", (fields, reason) => {
    expect(reasons("kimi-k3", fields)[0]).toBe(reason);
  });
});

describe("thinking that cannot be steered", () => {
  table([
    ["moonshot-v1-8k", { thinking: off }, {}, "removed thinking: spelling"],
    ["moonshot-v1-8k", { thinking: on }, {}, "removed thinking: meaning"],
    ["moonshot-v1-8k", { reasoning_effort: "none" }, {}, "removed reasoning_effort: spelling"],
    ["kimi-k2-thinking", { reasoning_effort: "high" }, {}, "removed reasoning_effort: meaning"],
    ["kimi-k2-thinking", { thinking: off }, {}, "removed thinking: meaning"],
    ["kimi-k2-thinking", { thinking: on }, {}, "removed thinking: spelling"],
  ]);
});

describe("messages", () => {
  const call = { id: "weather:0", type: "function", function: { name: "weather", arguments: "{}" } };
  const called = (fields: object): ChatMessage => ({ role: "assistant", tool_calls: [call], ...fields });
  const result: ChatMessage = { role: "tool", tool_call_id: "weather:0", content: "rain" };
  const history = (message: ChatMessage) => ({ messages: [hello, message, result] });

  describe("from a developer", () => {
    table([
      [
        "kimi-k3",
        { messages: [{ role: "developer", content: "be brief", name: "d" }, hello] },
        { messages: [{ role: "system", content: "be brief", name: "d" }, hello] },
        "changed messages[0].role: spelling",
      ],
    ]);
  });

  describe("with tool calls but without reasoning", () => {
    const filled = history(called({ reasoning_content: " " }));
    table([
      ...["kimi-k2-thinking", "kimi-k2.5", "kimi-k2.6", "kimi-k2.7-code", "kimi-k3", "kimi-k9"].map(
        (modelId): Row => [
          modelId,
          history(called({})),
          filled,
          "added messages[1].reasoning_content: spelling",
        ],
      ),
      ["kimi-k2.6", { ...history(called({})), thinking: off }, { ...history(called({})), thinking: off }],
      ["kimi-k2-0905-preview", history(called({})), history(called({}))],
      [
        "kimi-k3",
        history(called({ provider_specific_fields: { reasoning_content: "hm" } })),
        history(called({ provider_specific_fields: { reasoning_content: "hm" }, reasoning_content: "hm" })),
        "added messages[1].reasoning_content: spelling",
      ],
      ["kimi-k3", history(called({ reasoning_content: "" })), history(called({ reasoning_content: "" }))],
      [
        "kimi-k3",
        { messages: [hello, { role: "assistant", content: "a" }, hello] },
        { messages: [hello, { role: "assistant", content: "a" }, hello] },
      ],
    ]);
  });

  describe("with tool calls beside empty content", () => {
    const reasoned = { reasoning_content: "r" };
    const without = history(called(reasoned));
    const dropped = "removed messages[1].content: spelling";
    table([
      ["kimi-k3", history(called({ ...reasoned, content: "" })), without, dropped],
      ["moonshot-v1-8k", history(called({ ...reasoned, content: " \n" })), without, dropped],
      ["kimi-k2.6", history(called({ ...reasoned, content: [] })), without, dropped],
      ["kimi-k3", history(called({ ...reasoned, content: [{ type: "text", text: "" }] })), without, dropped],
      [
        "kimi-k3",
        history(called({ ...reasoned, content: "on it" })),
        history(called({ ...reasoned, content: "on it" })),
      ],
      [
        "kimi-k3",
        history(called({ ...reasoned, content: null })),
        history(called({ ...reasoned, content: null })),
      ],
      [
        "kimi-k3",
        { messages: [hello, { role: "assistant", content: "" }, hello] },
        { messages: [hello, { role: "assistant", content: "" }, hello] },
      ],
    ]);
  });

  describe("of text in parts", () => {
    const text = (...texts: string[]) => texts.map((text) => ({ type: "text", text }));
    const parts = { messages: [{ role: "user", content: text("a", "b") }] };
    const withImage = {
      messages: [
        { role: "user", content: [...text("a"), { type: "image_url", image_url: { url: "ms://1" } }] },
      ],
    };
    const flat = { messages: [{ role: "user", content: "ab" }] };
    const flattened = "changed messages[0].content: spelling";
    table([
      ["moonshot-v1-8k", parts, flat, flattened],
      ["kimi-k2-0905-preview", parts, flat, flattened],
      ["moonshot-v1-8k-vision-preview", withImage, withImage],
      ["kimi-k2.5", parts, parts],
      ["kimi-k3", parts, parts],
    ]);
  });
});

describe("functions, the older form of tools", () => {
  const functions = [weather.function];
  table([
    ["kimi-k3", { functions }, { tools: [weather] }, "renamed functions: spelling"],
    [
      "kimi-k3",
      { functions, tools: [weather] },
      { tools: [weather, weather] },
      "changed tools: spelling",
      "removed functions: spelling",
    ],
    ["kimi-k3", { function_call: "none" }, { tool_choice: "none" }, "renamed function_call: spelling"],
    [
      "kimi-k2-0905-preview",
      { function_call: { name: "weather" } },
      { tool_choice: named },
      "renamed function_call: spelling",
    ],
    [
      "kimi-k3",
      { function_call: "auto", tool_choice: "none" },
      { tool_choice: "none" },
      "removed function_call: meaning",
    ],
    [
      "kimi-k3",
      { function_call: "none", tool_choice: "auto" },
      { tool_choice: "auto" },
      "removed function_call: meaning",
    ],
    [
      "kimi-k3",
      { function_call: "auto", tool_choice: "auto" },
      { tool_choice: "auto" },
      "removed function_call: spelling",
    ],
    [
      "kimi-k2-0905-preview",
      { function_call: { name: "weather" }, tool_choice: named },
      { tool_choice: named },
      "removed function_call: spelling",
    ],
    [
      "kimi-k3",
      { function_call: "none", tool_choice: null },
      { tool_choice: "none" },
      "renamed function_call: spelling",
    ],
    ["kimi-k3", { function_call: null, tool_choice: "auto" }, { function_call: null, tool_choice: "auto" }],
    ["kimi-k3", { functions, tools: null }, { tools: [weather] }, "renamed functions: spelling"],
    ["kimi-k3", { tools: null, functions }, { tools: [weather] }, "renamed functions: spelling"],
    [
      "kimi-k2.7-code",
      { functions, function_call: { name: "weather" } },
      { tools: [weather], messages: useWeather },
      "renamed functions: spelling",
      "renamed function_call: spelling",
      "removed tool_choice: meaning",
      "added messages[1]: meaning",
    ],
  ]);

  it.each([
    ["none", "auto", "tool_choice was given as well and wins."],
    ["auto", "auto", "tool_choice was given as well and says the same."],
  ])("say what became of function_call %s beside tool_choice %s", (function_call, tool_choice, reason) => {
    expect(reasons("kimi-k3", { function_call, tool_choice })).toEqual([reason]);
  });

  it("become tool calls and tool results in the history, tied together by id", () => {
    const function_call = { name: "weather", arguments: "{}" };
    const messages: ChatMessage[] = [
      hello,
      { role: "assistant", content: null, function_call },
      { role: "function", name: "weather", content: "rain" },
      { role: "assistant", content: null, function_call },
      { role: "function", name: "weather", content: null },
    ];
    const call = (id: string) => ({
      role: "assistant",
      content: null,
      tool_calls: [{ id, type: "function", function: function_call }],
    });
    const result = (tool_call_id: string, content: string) => ({
      role: "tool",
      name: "weather",
      tool_call_id,
      content,
    });
    expect(encode("kimi-k2-0905-preview", { messages })).toEqual({
      parameters: {
        messages: [
          hello,
          call("weather:1"),
          result("weather:1", "rain"),
          call("weather:3"),
          result("weather:3", ""),
        ],
      },
      adjustments: [
        "renamed messages[1].function_call: spelling",
        "changed messages[2].role: spelling",
        "added messages[2].tool_call_id: spelling",
        "renamed messages[3].function_call: spelling",
        "changed messages[4].role: spelling",
        "added messages[4].tool_call_id: spelling",
        "added messages[4].content: spelling",
      ],
    });
  });
});

describe("schemas", () => {
  const $schema = "http://json-schema.org/draft-07/schema#";
  const object = { type: "object", properties: { a: { type: "string" } } };
  const answer = (schema: object) => ({
    response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema } },
  });
  const tool = (parameters?: object) => ({
    tools: [
      weather,
      { type: "function", function: { name: "f", strict: false, ...(parameters && { parameters }) } },
    ],
  });
  const inTool = "tools[1].function.parameters";
  const inAnswer = "response_format.json_schema.schema";
  const loose = (keyword: string) => ({
    type: "object",
    properties: { a: { [keyword]: [{ type: "string" }, { type: "null" }] } },
  });
  table([
    ["kimi-k2.5", answer({ $schema, ...object }), answer(object), `changed ${inAnswer}: spelling`],
    ["kimi-k3", tool({ $schema, ...object }), tool(object), `changed ${inTool}: spelling`],
    ["kimi-k3", tool(), tool({ type: "object", properties: {} }), `added ${inTool}: spelling`],
    ["kimi-k3", tool(loose("oneOf")), tool(loose("anyOf")), `changed ${inTool}: meaning`],
    ["kimi-k3", answer(object), answer(object)],
    ["kimi-k3", { response_format: { type: "json_object" } }, { response_format: { type: "json_object" } }],
  ]);

  const dialect = "The schema was brought into Moonshot's dialect of JSON Schema (MFJS): ";
  it.each([
    [{ $schema, ...loose("oneOf") }, "$schema removed, oneOf became anyOf."],
    [{ ...object, properties: { a: { const: 1 }, b: { const: 2 } } }, "const became enum, type added."],
    [
      {
        $schema,
        type: "object",
        properties: {
          a: { const: 1 },
          b: { oneOf: [{ type: "string" }] },
          c: { nullable: true, type: "string" },
          d: { items: true },
          e: true,
        },
      },
      "$schema removed, const became enum, type added, oneOf became anyOf, nullable became type null and 2 more.",
    ],
  ])("name the kinds of changes, each once and not too many: %j", (schema, kinds) => {
    expect(reasons("kimi-k3", answer(schema))).toEqual([`${dialect}${kinds}`]);
  });

  it("name no property and no keyword of the caller's own", () => {
    const secret = { secretKeyword: 1, description: "secret words" };
    const schema = {
      type: "object",
      required: ["secretName"],
      properties: {
        secretUnion: { anyOf: [{ type: "string" }, { type: "null" }], ...secret },
        secretReference: { $ref: "#/definitions/secretDefinition", ...secret },
        secretClosed: { type: "object", required: ["secretMember"], additionalProperties: false },
      },
      definitions: { secretDefinition: { type: "string", ...secret } },
    };
    const told = reasons("kimi-k3", { ...answer(schema), ...tool(schema) });
    expect(told).toHaveLength(2);
    expect(told.join(" ")).not.toMatch(/secret/i);
  });
});

describe("what Moonshot knows and OpenAI does not", () => {
  const search = { type: "builtin_function", function: { name: "$web_search" } };
  const searched = '{"search_result":{"search_id":"x"},"usage":{"total_tokens":7}}';
  const call = {
    id: "s:0",
    type: "builtin_function",
    function: { name: "$web_search", arguments: searched },
  };
  const passes: readonly (readonly [string, string, object])[] = [
    [
      "partial mode",
      "kimi-k3",
      { messages: [hello, { role: "assistant", content: "{", partial: true, name: "n" }] },
    ],
    [
      "the echo of $web_search",
      "kimi-k2.6",
      {
        thinking: off,
        tools: [search],
        messages: [
          hello,
          { role: "assistant", tool_calls: [call] },
          { role: "tool", tool_call_id: "s:0", name: "$web_search", content: searched },
        ],
      },
    ],
    [
      "images and videos",
      "kimi-k3",
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
              { type: "video_url", video_url: "ms://file" },
              { type: "text", text: "?" },
            ],
          },
        ],
      },
    ],
    ["tools in mid-conversation", "kimi-k3", { messages: [hello, { role: "system", tools: [weather] }] }],
    [
      "caching",
      "kimi-k3",
      { prompt_cache_key: "k", prompt_cache_options: { ttl: "1h" }, safety_identifier: "s" },
    ],
    ["fields nobody knows", "kimi-k3", { frobnicate: { a: [1] }, parallel_tool_calls: false, seed: 1 }],
  ];

  it.each(passes)("%s passes untouched", (_name, modelId, fields) => {
    expect(encode(modelId, fields)).toEqual({ parameters: fields, adjustments: [] });
  });
});

it("says why in a sentence, and shows plain values only", () => {
  const { adjustments } = moonshotAdapter.chat.encodeRequest(
    { model: "k", messages: [hello], temperature: 0.2, tools: [weather], tool_choice: named },
    targetOf("kimi-k2.7-code"),
  );
  expect(adjustments).toEqual([
    {
      parameter: "tool_choice",
      action: "removed",
      reason:
        "This model refuses a named tool while it thinks, and thinking was asked for or cannot be turned off.",
      effect: "meaning",
    },
    {
      parameter: "messages[1]",
      action: "added",
      reason: "A user message asks for a tool, because the parameter cannot.",
      effect: "meaning",
    },
    {
      parameter: "temperature",
      action: "removed",
      from: 0.2,
      reason: "Moonshot fixes temperature at 1 for this model and refuses any other value.",
      effect: "meaning",
    },
  ]);
});
