import type { ChatRequest, Effort, SamplingParameter, Thinking } from "./chat-request.ts";
import { invalidRequest, modelNotFound, wrongType, type ApiProblem } from "./errors.ts";
import { isObject, typeName, type JsonObject } from "./json-value.ts";
import { rulesOf, type FamilyRules } from "./model-rules.ts";
import type { Model } from "./models.ts";
import type { Reading } from "./reading.ts";
import { readMessages } from "./read-messages.ts";
import { readResponseFormat, readToolChoice, readTools } from "./read-tools.ts";

/** Turns a body into a chat request, or into the refusal of a value whose JSON type is wrong. Unknown fields are ignored. */
export function readChatRequest(body: unknown, models: readonly Model[]): Reading<ChatRequest> {
  if (!isObject(body)) return { problem: invalidRequest("Invalid request: the body must be a JSON object") };
  const model = findModel(body, models);
  if ("problem" in model) return model;
  const problem = firstWrongField(body);
  if (problem !== undefined) return { problem };
  const messages = readMessages(body["messages"]);
  if ("problem" in messages) return messages;
  const tools = readTools(body["tools"]);
  if ("problem" in tools) return tools;
  const toolChoice = readToolChoice(body["tool_choice"]);
  if ("problem" in toolChoice) return toolChoice;
  const responseFormat = readResponseFormat(body["response_format"]);
  if ("problem" in responseFormat) return responseFormat;
  const rules = rulesOf[model.value.family];
  return {
    value: {
      model: model.value,
      rules,
      messages: messages.value,
      tools: tools.value,
      toolChoice: toolChoice.value,
      responseFormat: responseFormat.value,
      thinking: readThinking(body, rules),
      effort: readEffort(body, rules),
      sampling: readSampling(body),
      // Seen on the live API: when both are sent, the newer name wins.
      maxCompletionTokens: numberIn(body, "max_completion_tokens") ?? numberIn(body, "max_tokens"),
      ...readDelivery(body),
    },
  };
}

function findModel(body: JsonObject, models: readonly Model[]): Reading<Model> {
  const id = body["model"];
  if (id === undefined || id === null || id === "")
    return { problem: invalidRequest("Invalid request: model is required") };
  if (typeof id !== "string") return { problem: wrongType("model", "string", typeName(id)) };
  const model = models.find((candidate) => candidate.id === id);
  return model === undefined ? { problem: modelNotFound(id) } : { value: model };
}

const typedFields: readonly (readonly [field: string, type: string])[] = [
  ["messages", "array"],
  ["tools", "array"],
  ["temperature", "number"],
  ["top_p", "number"],
  ["n", "number"],
  ["presence_penalty", "number"],
  ["frequency_penalty", "number"],
  ["max_tokens", "number"],
  ["max_completion_tokens", "number"],
  ["stream", "bool"],
  ["stream_options", "object"],
  ["response_format", "object"],
  ["thinking", "object"],
  ["reasoning_effort", "string"],
  ["prompt_cache_key", "string"],
  ["prompt_cache_options", "object"],
  ["safety_identifier", "string"],
  ["top_logprobs", "number"],
];

function firstWrongField(body: JsonObject): ApiProblem | undefined {
  for (const [field, expected] of typedFields) {
    const value = body[field];
    if (value === undefined || value === null) continue;
    const got = typeName(value);
    if (got !== expected) return wrongType(field, expected === "array" ? "[]object" : expected, got);
  }
  return undefined;
}

function readThinking(body: JsonObject, rules: FamilyRules): Thinking {
  const field = isObject(body["thinking"]) ? body["thinking"] : undefined;
  const effort = body["reasoning_effort"];
  const disabled = rules.thinks === "unless disabled" && field?.["type"] === "disabled";
  return {
    field,
    effortField: typeof effort === "string" ? effort : undefined,
    active: rules.thinks !== "never" && !disabled,
  };
}

// An effort the model does not know is ignored (probed 2026-08), so it falls back to the default, max.
function readEffort(body: JsonObject, rules: FamilyRules): Effort {
  const effort = body["reasoning_effort"];
  return rules.reasoningEffort && (effort === "low" || effort === "high") ? effort : "max";
}

function readSampling(body: JsonObject): Record<SamplingParameter, number | undefined> {
  return {
    temperature: numberIn(body, "temperature"),
    top_p: numberIn(body, "top_p"),
    n: numberIn(body, "n"),
    presence_penalty: numberIn(body, "presence_penalty"),
    frequency_penalty: numberIn(body, "frequency_penalty"),
  };
}

function readDelivery(
  body: JsonObject,
): Pick<ChatRequest, "stop" | "stream" | "includeUsage" | "cacheTtlMs"> {
  const stop = body["stop"];
  const options = body["stream_options"];
  const cache = body["prompt_cache_options"];
  return {
    stop: typeof stop === "string" ? [stop] : Array.isArray(stop) ? stop.map(String) : [],
    stream: body["stream"] === true,
    includeUsage: isObject(options) && options["include_usage"] === true,
    cacheTtlMs: isObject(cache) && cache["ttl"] === "1h" ? 3_600_000 : 300_000,
  };
}

function numberIn(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  return typeof value === "number" ? value : undefined;
}
