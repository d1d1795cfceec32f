import { describe, expect, it } from "vitest";
import { availableModels } from "../models.ts";
import { readChatRequest } from "../read-chat-request.ts";
import { checkChatRequest } from "./check-chat-request.ts";
import { highRiskPhrase } from "./content-filter.ts";

const hello = [{ role: "user", content: "hello" }];
const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const call = { id: "get_weather:0", type: "function", function: { name: "get_weather", arguments: "{}" } };
const toolLoop = (assistant: object) => [
  ...hello,
  { role: "assistant", tool_calls: [call], ...assistant },
  { role: "tool", tool_call_id: "get_weather:0", content: "22" },
];
const picture = (url: unknown) => [{ role: "user", content: [{ type: "image_url", image_url: url }] }];
const png = "data:image/png;base64,AAAA";
const named = { type: "function", function: { name: "get_weather" } };
const tooLong = "word ".repeat(9_000);

function refusal(body: object): string | undefined {
  const reading = readChatRequest({ messages: hello, ...body }, availableModels(undefined));
  if ("problem" in reading) return reading.problem.message;
  const files: Record<string, string> = { picture1: "image", film1: "video" };
  return checkChatRequest(reading.value, (id) => files[id])?.message;
}

type Case = [model: string, body: object, text: string | undefined];

const fixed = (parameter: string, value: number) =>
  `invalid ${parameter}: only ${value} is allowed for this model`;

function tableOf(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    it.each(cases)("%s with %j → %s", (model, body, text) => {
      expect(refusal({ model, ...body })).toBe(text);
    });
  });
}

tableOf("sampling", [
  ["kimi-k3", { temperature: 0.7 }, fixed("temperature", 1)],
  ["kimi-k3.1-pro", { temperature: 0 }, fixed("temperature", 1)],
  ["kimi-k3", { temperature: 1, top_p: 0.95, n: 1, presence_penalty: 0, frequency_penalty: 0 }, undefined],
  ["kimi-k2.7-code", { top_p: 1 }, fixed("top_p", 0.95)],
  ["kimi-k2.6", { n: 2 }, fixed("n", 1)],
  ["kimi-k2.6", { presence_penalty: 0.1 }, fixed("presence_penalty", 0)],
  ["kimi-k2.5", { frequency_penalty: 0.1 }, fixed("frequency_penalty", 0)],
  ["kimi-k2.6", { temperature: 1, thinking: { type: "disabled" } }, fixed("temperature", 0.6)],
  ["kimi-k2.5", { temperature: 0.6, thinking: { type: "disabled" } }, undefined],
  ["kimi-k2.6", { temperature: 0.6 }, fixed("temperature", 1)],
  ["moonshot-v1-8k", { temperature: 0.3, n: 5, top_p: 0.2 }, undefined],
  ["moonshot-v1-8k", { temperature: 1.1 }, "invalid temperature: must be between 0 and 1 for this model"],
  ["kimi-k2-0905-preview", { n: 6 }, "invalid n: must be between 1 and 5 for this model"],
  [
    "moonshot-v1-8k",
    { temperature: 0.1, n: 2 },
    "invalid n: we can only provide one answer when temperature is close to 0",
  ],
  ["moonshot-v1-8k", { temperature: 0.1, n: 1 }, undefined],
]);

tableOf("thinking", [
  ["kimi-k2.6", { thinking: { type: "enabled", keep: "all" } }, undefined],
  ["kimi-k2.6", { thinking: { type: "disabled", keep: null } }, undefined],
  [
    "kimi-k2.6",
    { thinking: { type: "enabled" }, reasoning_effort: "high" },
    "cannot specify both 'thinking' and 'reasoning_effort'",
  ],
  ["kimi-k2.6", { reasoning_effort: "high" }, undefined],
  [
    "kimi-k2.6",
    { thinking: true },
    "Invalid request: the `thinking` field in the request (expected type object) is illegal, and bool is not acceptable",
  ],
  [
    "kimi-k2.7-code",
    { thinking: { type: "disabled" } },
    "invalid thinking: only type enabled is allowed for this model",
  ],
  ["kimi-k2.7-code", { thinking: { type: "enabled", keep: "all" } }, undefined],
  [
    "kimi-k2.5",
    { thinking: { type: "enabled", keep: "all" } },
    "invalid thinking: keep is not allowed for this model",
  ],
  ["moonshot-v1-8k", { thinking: { type: "enabled" } }, undefined],
  ["moonshot-v1-8k", { thinking: { keep: "all" } }, "invalid thinking: keep is not allowed for this model"],
  [
    "kimi-k2.6",
    { thinking: { type: "enabled", budget_tokens: 9 } },
    "invalid thinking: unknown field budget_tokens for this model",
  ],
  [
    "kimi-k2.6",
    { thinking: {} },
    "invalid thinking: only type enabled or disabled is allowed for this model",
  ],
  [
    "kimi-k3",
    { thinking: { type: "enabled" } },
    "invalid thinking: not supported for this model, use reasoning_effort",
  ],
  ["kimi-k3", { reasoning_effort: "low" }, undefined],
  ["kimi-k3", { reasoning_effort: "minimal" }, undefined],
]);

tableOf("tool choice", [
  ["kimi-k3", { tools: [weatherTool], tool_choice: "required" }, undefined],
  ["kimi-k3.1-pro-highspeed", { tools: [weatherTool], tool_choice: "required" }, undefined],
  [
    "kimi-k2.6",
    { tools: [weatherTool], tool_choice: "required" },
    "tool_choice 'required' is incompatible with thinking enabled",
  ],
  [
    "moonshot-v1-8k",
    { tools: [weatherTool], tool_choice: "required" },
    "invalid tool_choice: required is not supported for this model",
  ],
  [
    "kimi-k2.6",
    { tools: [weatherTool], tool_choice: named },
    "tool_choice 'specified' is incompatible with thinking enabled",
  ],
  ["kimi-k2.6", { tools: [weatherTool], tool_choice: named, thinking: { type: "disabled" } }, undefined],
  [
    "kimi-k2.7-code",
    { tools: [weatherTool], tool_choice: named },
    "tool_choice 'specified' is incompatible with thinking enabled",
  ],
  [
    "kimi-k3",
    { tools: [weatherTool], tool_choice: named },
    "tool_choice 'specified' is incompatible with thinking enabled",
  ],
  ["moonshot-v1-8k", { tools: [weatherTool], tool_choice: named }, undefined],
  [
    "moonshot-v1-8k",
    { tool_choice: named },
    "invalid tool_choice: function get_weather is not among the tools",
  ],
  ["kimi-k3", { tool_choice: "required" }, "invalid tool_choice: required needs tools"],
  ["kimi-k3", { tool_choice: "any" }, "Invalid request: invalid tool_choice"],
]);

const invalidName =
  "Invalid request: function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes";
const functionNamed = (name: string) => ({
  tools: [{ type: "function", function: { name, parameters: { type: "object", properties: {} } } }],
});

tableOf("tools", [
  ["kimi-k3", functionNamed("_search-issues2"), undefined],
  ["kimi-k3", functionNamed("multi_tool_use.parallel"), invalidName],
  ["kimi-k3", functionNamed("2fa_check"), invalidName],
  ["kimi-k3", functionNamed("$web_search"), invalidName],
  ["kimi-k3", functionNamed("a".repeat(129)), invalidName],
  [
    "kimi-k3",
    { tools: [{ type: "custom", name: "apply_patch" }] },
    "Invalid request: unknown tool type: custom, currently only function and plugin are supported",
  ],
  ["kimi-k2.6", { tools: [{ type: "builtin_function", function: { name: "$web_search" } }] }, undefined],
  [
    "kimi-k2.6",
    { tools: [{ type: "builtin_function", function: { name: "web_search" } }] },
    "Invalid request: unknown builtin function: web_search",
  ],
  [
    "kimi-k3",
    { tools: [weatherTool, weatherTool] },
    "Invalid request: function name get_weather is duplicated",
  ],
  [
    "kimi-k3",
    { tools: [{ type: "function", function: { name: "f" } }] },
    'Invalid request: tools.function.parameters.type is required and must be "object"',
  ],
  [
    "kimi-thinking-preview",
    { tools: [weatherTool] },
    "Invalid request: tools are not supported for this model",
  ],
  ["kimi-k3", { functions: [{ name: "old" }], parallel_tool_calls: true, made_up: 1 }, undefined],
]);

describe("schemas", () => {
  const anyOfBesideType = {
    type: "object",
    properties: { a: { type: "string", anyOf: [{ type: "string" }] } },
  };

  it("refuses tool parameters outside the provider's dialect and says where", () => {
    const tools = [{ type: "function", function: { name: "f", parameters: anyOfBesideType } }];
    expect(refusal({ model: "kimi-k3", tools })).toMatch(
      /^Invalid request: tools\.function\.parameters is not a valid moonshot flavored json schema, details: <At path 'properties\.a': .+>$/,
    );
  });

  it("takes any parameters when strict is off", () => {
    const tools = [{ type: "function", function: { name: "f", parameters: anyOfBesideType, strict: false } }];
    expect(refusal({ model: "kimi-k3", tools })).toBeUndefined();
  });

  it("refuses an answer schema outside the dialect, unless strict is off", () => {
    const format = (strict: boolean) => ({
      type: "json_schema",
      json_schema: { name: "answer", strict, schema: anyOfBesideType },
    });
    expect(refusal({ model: "kimi-k3", response_format: format(true) })).toMatch(
      /^Invalid request: response_format\.json_schema is not a valid moonshot flavored json schema/,
    );
    expect(refusal({ model: "kimi-k3", response_format: format(false) })).toBeUndefined();
  });
});

const missingReasoning =
  "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1";

tableOf("history", [
  ["kimi-k2.6", { messages: toolLoop({}) }, missingReasoning],
  ["kimi-k3", { messages: toolLoop({ reasoning_content: null }) }, missingReasoning],
  ["kimi-k3", { messages: toolLoop({ reasoning_content: " " }) }, undefined],
  ["kimi-k2.6", { messages: toolLoop({ reasoning_content: "" }) }, undefined],
  ["kimi-k2.6", { messages: toolLoop({}), thinking: { type: "disabled" } }, undefined],
  ["moonshot-v1-8k", { messages: toolLoop({}) }, undefined],
  [
    "kimi-k2.6",
    { messages: [...hello, { role: "tool", content: "22" }] },
    "Invalid request: tool_call_id  is not found",
  ],
  [
    "kimi-k2.6",
    { messages: [...hello, { role: "tool", tool_call_id: "x:1", content: "22" }] },
    "Invalid request: tool_call_id x:1 is not found",
  ],
]);

const atPosition1 = "Invalid request: the message at position 1 with role 'assistant' must not be empty";

tableOf("messages", [
  ["kimi-k3", { messages: [] }, "Invalid request: messages must not be empty"],
  ["kimi-k3", { messages: [...hello, { role: "assistant", content: "" }] }, atPosition1],
  ["kimi-k3", { messages: [...hello, { role: "assistant", reasoning_content: "hm" }] }, atPosition1],
  [
    "kimi-k3",
    { messages: [{ role: "user", content: [] }] },
    "Invalid request: user message must have content",
  ],
  [
    "kimi-k3",
    { messages: toolLoop({ reasoning_content: " ", content: [{ type: "text", text: "" }] }) },
    "Invalid request: text content is empty",
  ],
  [
    "kimi-k3",
    { messages: [{ role: "developer", content: "x" }] },
    "Invalid request: invalid role 'developer' at position 0",
  ],
  [
    "kimi-k3",
    { messages: [{ role: "user", content: { text: "1" } }] },
    "Invalid request: the `messages.content` field in the request (expected type []object) is illegal, and object is not acceptable",
  ],
  ["kimi-k3", { messages: [{ role: "system", tools: [weatherTool] }, ...hello] }, undefined],
  [
    "kimi-k2.6",
    { messages: [{ role: "system", tools: [weatherTool] }, ...hello] },
    "Invalid request: tools in a message are not supported for this model",
  ],
  [
    "kimi-k3",
    { messages: [{ role: "system", content: "x", tools: [weatherTool] }, ...hello] },
    "Invalid request: a message with tools must be a system message without content",
  ],
]);

tableOf("content parts", [
  [
    "kimi-k3",
    { messages: [{ role: "user", content: [{ type: "file", file: {} }] }] },
    "Invalid request: invalid part type: file",
  ],
  ["kimi-k3", { messages: picture({ url: png }) }, undefined],
  ["kimi-k3", { messages: picture(png) }, undefined],
  ["kimi-k3", { messages: picture("ms://picture1") }, undefined],
  ["kimi-k3", { messages: picture("ms://film1") }, "Invalid request: no image file film1 found"],
  [
    "kimi-k3",
    { messages: picture("https://example.com/a.png") },
    "Invalid request: unsupported image url: https://example.com/a.png",
  ],
  [
    "kimi-k3",
    { messages: picture("data:image/svg+xml;base64,AAAA") },
    "Invalid request: unsupported image format: svg+xml",
  ],
  [
    "moonshot-v1-8k",
    { messages: picture(png) },
    "Invalid request: the message at position 0 with role 'user' contains an invalid part type: image_url",
  ],
  ["moonshot-v1-8k-vision-preview", { messages: picture(png) }, undefined],
  [
    "moonshot-v1-8k-vision-preview",
    { messages: [{ role: "user", content: [{ type: "video_url", video_url: "ms://film1" }] }] },
    "Invalid request: the message at position 0 with role 'user' contains an invalid part type: video_url",
  ],
]);

const beginning = { role: "assistant", content: "He", partial: true };

tableOf("partial mode", [
  ["kimi-k2.6", { messages: [...hello, beginning] }, undefined],
  ["kimi-k2.6", { messages: [...hello, { ...beginning, content: "", name: "Kelsey" }] }, undefined],
  [
    "kimi-k2.6",
    { messages: [beginning, ...hello] },
    "Invalid request: partial is only allowed on the last message with role 'assistant'",
  ],
  [
    "kimi-k2.6",
    { messages: [...hello, beginning], response_format: { type: "json_object" } },
    "Invalid request: partial is not allowed with response_format json_object",
  ],
]);

tableOf("length", [
  [
    "kimi-k2.6",
    { max_completion_tokens: 262_144 },
    "Invalid request: Your request exceeded model token limit: 262144 (requested: 262152)",
  ],
  ["kimi-k2.6", { max_tokens: 999_999, max_completion_tokens: 20 }, undefined],
  ["kimi-k3", { max_tokens: 262_144 }, undefined],
  ["moonshot-v1-8k", { messages: [{ role: "user", content: tooLong }] }, "Input token length too long"],
  ["kimi-k3", { max_tokens: 0 }, "Invalid request: max_completion_tokens must be a positive integer"],
  ["kimi-k3", { stop: ["1", "2", "3", "4", "5", "6"] }, "Invalid request: stop accepts at most 5 strings"],
  ["kimi-k3", { stop: "x".repeat(33) }, "Invalid request: a stop string must not exceed 32 bytes"],
]);

tableOf("content filter and models", [
  [
    "kimi-k3",
    { messages: [{ role: "user", content: `please ${highRiskPhrase}` }] },
    "The request was rejected because it was considered high risk",
  ],
  ["kimi-k9", {}, "Not found the model kimi-k9 or Permission denied"],
  ["", {}, "Invalid request: model is required"],
]);
