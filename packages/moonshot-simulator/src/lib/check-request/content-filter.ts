import { textOf, type ChatRequest } from "../chat-request.ts";
import { highRisk, type ApiProblem } from "../errors.ts";

/** Whoever wants to see the provider's content filter at work writes this phrase into a message. */
export const highRiskPhrase = "[simulate high risk]";

export function checkContentFilter({ messages }: ChatRequest): ApiProblem | undefined {
  return messages.some((message) => textOf(message).includes(highRiskPhrase)) ? highRisk : undefined;
}
