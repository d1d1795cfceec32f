import type { Answer } from "../server/refusal-answer.ts";
import { toOpenAiError } from "./to-openai-error.ts";

/** What the server answers by itself, in the shape and with the headers of every other error. */
export function encodeRefusal(error: unknown, requestId: string): Answer {
  const { status, headers, body } = toOpenAiError(error);
  return {
    status,
    headers: { ...headers, "x-litellm-call-id": requestId, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
