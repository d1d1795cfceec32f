import type { Adjustment, ChatMessage, ChatRequest } from "@perilune/core/provider";
import type { Change } from "./request-rule.ts";

export interface MessageChange {
  readonly message: ChatMessage;
  readonly adjustments: readonly Adjustment[];
}

/** Changes messages one by one; `change` gives undefined for those that stay as they are. */
export function changeMessages(
  request: ChatRequest,
  change: (message: ChatMessage, index: number) => MessageChange | undefined,
): Change | undefined {
  const adjustments: Adjustment[] = [];
  const messages = request.messages.map((message, index) => {
    const changed = change(message, index);
    if (changed === undefined) return message;
    adjustments.push(...changed.adjustments);
    return changed.message;
  });
  return adjustments.length === 0 ? undefined : { request: { ...request, messages }, adjustments };
}
