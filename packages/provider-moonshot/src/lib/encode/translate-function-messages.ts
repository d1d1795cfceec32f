import type { Adjustment, AssistantMessage, ChatMessage } from "@perilune/core/provider";
import { changeMessages, type MessageChange, type RequestRule } from "@perilune/openai-compatible";

type FunctionMessage = Extract<ChatMessage, { role: "function" }>;
type FunctionCall = NonNullable<AssistantMessage["function_call"]>;

interface OpenCall {
  readonly name: string;
  readonly id: string;
}

const reason = "Moonshot takes tool calls and tool messages; function calls are OpenAI's older form of them.";

/** Messages of the `functions` era → tool calls and tool results, tied together by ids made from their place. */
export const translateFunctionMessages: RequestRule = (request) => {
  const open: OpenCall[] = [];
  return changeMessages(request, (message, index) => {
    if (message.role === "function") return asToolMessage(message, index, takeCall(open, message.name));
    if (message.role !== "assistant" || !message.function_call) return undefined;
    const id = `${message.function_call.name}:${index}`;
    open.push({ name: message.function_call.name, id });
    return asToolCall(message, message.function_call, index, id);
  });
};

/** A result without its call keeps a made-up id; the provider will say that it is not found. */
function takeCall(open: OpenCall[], name: string): string {
  const place = open.findIndex((call) => call.name === name);
  const [call] = place === -1 ? [] : open.splice(place, 1);
  return call?.id ?? name;
}

function asToolCall(message: AssistantMessage, call: FunctionCall, index: number, id: string): MessageChange {
  const { function_call: _functionCall, ...rest } = message;
  const at = `messages[${index}]`;
  if (rest.tool_calls?.length) {
    const removed = {
      parameter: `${at}.function_call`,
      action: "removed",
      reason,
      effect: "spelling",
    } as const;
    return { message: rest, adjustments: [removed] };
  }
  const renamed: Adjustment = {
    parameter: `${at}.function_call`,
    action: "renamed",
    to: `${at}.tool_calls`,
    reason,
    effect: "spelling",
  };
  return {
    message: { ...rest, tool_calls: [{ id, type: "function", function: call }] },
    adjustments: [renamed],
  };
}

function asToolMessage(message: FunctionMessage, index: number, id: string): MessageChange {
  const { content, ...rest } = message;
  const at = `messages[${index}]`;
  const adjustments: Adjustment[] = [
    { parameter: `${at}.role`, action: "changed", from: "function", to: "tool", reason, effect: "spelling" },
    { parameter: `${at}.tool_call_id`, action: "added", reason, effect: "spelling" },
  ];
  if (typeof content !== "string") {
    adjustments.push({ parameter: `${at}.content`, action: "added", reason, effect: "spelling" });
  }
  return { message: { ...rest, role: "tool", tool_call_id: id, content: content ?? "" }, adjustments };
}
