import type { ChatRequest } from "@perilune/core/provider";

/** Whether there is a tool the model could be asked to call. */
export function offersTools(request: ChatRequest): boolean {
  return Boolean(request.tools?.length) || offersToolsInMessages(request);
}

/** kimi-k3 takes tools in mid-conversation as well, as a member of a system message. */
export function offersToolsInMessages({ messages }: ChatRequest): boolean {
  return messages.some((message) => message["tools"] !== undefined);
}
