import type { ChatChunk, ChatResponse } from "../contract/chat-response.ts";

type Choice = ChatResponse["choices"][number];
type Delta = ChatChunk["choices"][number]["delta"];
type ToolCall = NonNullable<Choice["message"]["tool_calls"]>[number];
type ToolCallDelta = NonNullable<Delta["tool_calls"]>[number];

/**
 * Chunks of one stream → the response they spell. Text pieces are joined, tool calls assembled by index;
 * any other field keeps the last value that is not null.
 */
export function collectChunks(chunks: readonly ChatChunk[]): ChatResponse {
  const choices = new Map<number, Choice>();
  const response: ChatResponse = { choices: [] };
  for (const chunk of chunks) {
    const { choices: pieces, ...rest } = chunk;
    takeFields(response, rest);
    for (const piece of pieces) takePiece(choices, piece);
  }
  response.object = "chat.completion";
  response.choices = [...choices.values()].sort((a, b) => a.index - b.index);
  return response;
}

function takePiece(choices: Map<number, Choice>, piece: ChatChunk["choices"][number]): void {
  const known = choices.get(piece.index);
  const choice: Choice = known ?? { index: piece.index, message: {}, finish_reason: null };
  if (known === undefined) choices.set(piece.index, choice);
  const { delta, finish_reason: finishReason, ...rest } = piece;
  takeFields(choice, rest);
  if (typeof finishReason === "string") choice.finish_reason = finishReason;
  takeDelta(choice.message, delta);
}

function takeDelta(message: Choice["message"], delta: Delta): void {
  const { content, reasoning_content: reasoning, tool_calls: toolCalls, ...rest } = delta;
  takeFields(message, rest);
  if (typeof content === "string") message.content = (message.content ?? "") + content;
  else if (content === null) message.content ??= null;
  if (typeof reasoning === "string")
    message.reasoning_content = (message.reasoning_content ?? "") + reasoning;
  if (toolCalls) message.tool_calls = toolCalls.reduce(takeToolCall, message.tool_calls ?? []);
}

function takeToolCall(calls: ToolCall[], delta: ToolCallDelta): ToolCall[] {
  const at = delta.index ?? calls.length;
  const known = calls.find((call) => call["index"] === at);
  const call: ToolCall = known ?? { index: at, function: {} };
  const { function: called, ...rest } = delta;
  takeFields(call, { ...rest, index: at });
  call.function = {
    ...call.function,
    ...called,
    arguments: (call.function?.arguments ?? "") + (called?.arguments ?? ""),
    name: called?.name ?? call.function?.name,
  };
  return known === undefined ? [...calls, call] : calls;
}

/** Providers repeat fields they no longer know as null (a role, a tool call's id): that erases nothing. */
function takeFields(known: Record<string, unknown>, said: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(said)) {
    if (value !== null || known[field] === undefined) known[field] = value;
  }
}
