import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

/** Only the last message can be continued, only an assistant's, and not into a JSON object. */
export function checkPartialMode({ messages, responseFormat }: ChatRequest): ApiProblem | undefined {
  const position = messages.findIndex((message) => message.partial);
  if (position === -1) return undefined;
  if (position !== messages.length - 1 || messages[position]?.role !== "assistant")
    return invalidRequest(
      "Invalid request: partial is only allowed on the last message with role 'assistant'",
    );
  if (responseFormat.type === "json_object")
    return invalidRequest("Invalid request: partial is not allowed with response_format json_object");
  return undefined;
}
