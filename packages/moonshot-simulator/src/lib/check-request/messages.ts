import type { ChatMessage, ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

const roles = new Set(["system", "user", "assistant", "tool"]);

/** Roles are known, and no message is empty. */
export function checkMessages(request: ChatRequest): ApiProblem | undefined {
  for (const [position, message] of request.messages.entries()) {
    const problem = checkMessage(message, position, request);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkMessage(message: ChatMessage, position: number, request: ChatRequest): ApiProblem | undefined {
  if (!roles.has(message.role))
    return invalidRequest(`Invalid request: invalid role '${message.role}' at position ${position}`);
  if (message.tools !== undefined) return checkToolsMessage(message, request);
  if (Array.isArray(message.content) && message.content.some(isEmptyText))
    return invalidRequest("Invalid request: text content is empty");
  if (!isEmpty(message.content)) return undefined;
  if (message.role === "user" && typeof message.content !== "string")
    return invalidRequest("Invalid request: user message must have content");
  const empties =
    message.toolCalls.length > 0 || message.partial || (message.role === "tool" && message.content === "");
  return empties ? undefined : mustNotBeEmpty(message.role, position);
}

// Tools loaded in mid-conversation exist on the K3 family alone, in a system message that holds nothing else.
function checkToolsMessage(message: ChatMessage, request: ChatRequest): ApiProblem | undefined {
  if (!request.rules.dynamicTools)
    return invalidRequest("Invalid request: tools in a message are not supported for this model");
  if (message.role !== "system" || message.content !== undefined)
    return invalidRequest("Invalid request: a message with tools must be a system message without content");
  return undefined;
}

function isEmpty(content: ChatMessage["content"]): boolean {
  return content === undefined || content.length === 0;
}

function isEmptyText(part: Readonly<Record<string, unknown>>): boolean {
  return part["type"] === "text" && part["text"] === "";
}

function mustNotBeEmpty(role: string, position: number): ApiProblem {
  return invalidRequest(
    `Invalid request: the message at position ${position} with role '${role}' must not be empty`,
  );
}
