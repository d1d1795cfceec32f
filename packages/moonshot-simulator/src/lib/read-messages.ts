import type { ChatMessage, ToolCall } from "./chat-request.ts";
import { invalidRequest, wrongType } from "./errors.ts";
import { isObject, typeName, type JsonObject } from "./json-value.ts";
import { readEach, type Reading } from "./reading.ts";
import { readTools } from "./read-tools.ts";

export function readMessages(messages: unknown): Reading<readonly ChatMessage[]> {
  if (!Array.isArray(messages) || messages.length === 0)
    return { problem: invalidRequest("Invalid request: messages must not be empty") };
  return readEach(messages, readMessage);
}

function readMessage(message: unknown): Reading<ChatMessage> {
  if (!isObject(message)) return { problem: wrongType("messages", "[]object", typeName(message)) };
  const content = readContent(message["content"]);
  if ("problem" in content) return content;
  const toolCalls = readToolCalls(message["tool_calls"]);
  if ("problem" in toolCalls) return toolCalls;
  const tools =
    message["tools"] === undefined ? { value: undefined } : readTools(message["tools"], "messages.tools");
  if ("problem" in tools) return tools;
  return {
    value: {
      role: typeof message["role"] === "string" ? message["role"] : "",
      content: content.value,
      reasoningContent: textIn(message, "reasoning_content"),
      toolCalls: toolCalls.value,
      toolCallId: textIn(message, "tool_call_id"),
      partial: message["partial"] === true,
      tools: tools.value,
    },
  };
}

function readContent(content: unknown): Reading<ChatMessage["content"]> {
  if (content === undefined || content === null) return { value: undefined };
  if (typeof content === "string") return { value: content };
  const wrong = wrongType("messages.content", "[]object", typeName(content));
  if (!Array.isArray(content)) return { problem: wrong };
  return readEach(content, (part) => (isObject(part) ? { value: part } : { problem: wrong }));
}

function readToolCalls(toolCalls: unknown): Reading<readonly ToolCall[]> {
  if (toolCalls === undefined || toolCalls === null) return { value: [] };
  if (!Array.isArray(toolCalls))
    return { problem: wrongType("messages.tool_calls", "[]object", typeName(toolCalls)) };
  return readEach(toolCalls, readToolCall);
}

function readToolCall(call: unknown): Reading<ToolCall> {
  const called = isObject(call) ? call["function"] : undefined;
  if (!isObject(call) || !isObject(called))
    return { problem: wrongType("messages.tool_calls", "[]object", typeName(call)) };
  const given = called["arguments"];
  if (typeof given !== "string")
    return { problem: wrongType("messages.tool_calls.function.arguments", "string", typeName(given)) };
  return {
    value: { id: textIn(call, "id") ?? "", name: textIn(called, "name") ?? "", arguments: given },
  };
}

function textIn(from: JsonObject, field: string): string | undefined {
  const value = from[field];
  return typeof value === "string" ? value : undefined;
}
