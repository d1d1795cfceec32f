import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";
import { countPromptTokens } from "../token-count.ts";

/** The prompt and the room asked for the answer fit into the context window together. */
export function checkLength(request: ChatRequest): ApiProblem | undefined {
  const { maxCompletionTokens, model } = request;
  if (
    maxCompletionTokens !== undefined &&
    !(Number.isInteger(maxCompletionTokens) && maxCompletionTokens > 0)
  )
    return invalidRequest("Invalid request: max_completion_tokens must be a positive integer");
  const prompt = countPromptTokens(request);
  if (prompt >= model.contextLength) return invalidRequest("Input token length too long");
  const requested = prompt + (maxCompletionTokens ?? 0);
  return requested > model.contextLength
    ? invalidRequest(
        `Invalid request: Your request exceeded model token limit: ${model.contextLength} (requested: ${requested})`,
      )
    : undefined;
}
