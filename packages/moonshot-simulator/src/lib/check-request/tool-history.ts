import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

/** Tool results answer a call made before them, and a thinking model gets its own reasoning back. */
export function checkToolHistory({ messages, rules, thinking }: ChatRequest): ApiProblem | undefined {
  const called = new Set<string>();
  for (const [index, message] of messages.entries()) {
    for (const call of message.toolCalls) called.add(call.id);
    const missing = message.toolCalls.length > 0 && message.reasoningContent === undefined;
    if (missing && rules.demandsReasoningInHistory && thinking.active)
      return invalidRequest(
        `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${index}`,
      );
    const id = message.toolCallId ?? "";
    // The two blanks around a missing id are the provider's.
    if (message.role === "tool" && (id === "" || !called.has(id)))
      return invalidRequest(`Invalid request: tool_call_id ${id} is not found`);
  }
  return undefined;
}
