import { chatRequestSchema } from "./chat-request.ts";
import type { ChatRequest } from "./chat-request.ts";
import { ProviderError } from "./provider-error.ts";

/**
 * Anything → a chat request. Throws ProviderError `invalid_request` naming the JSON path at fault, such as
 * `messages[3].role`. The value itself is returned, not a copy: validation must not reorder or lose a field.
 */
export function parseChatRequest(value: unknown): ChatRequest {
  const result = chatRequestSchema.safeParse(value);
  // The schema has no transforms and no defaults, so what it accepted is already a ChatRequest.
  if (result.success) return value as ChatRequest;
  const issue = result.error.issues[0];
  const parameter = jsonPath(issue?.path ?? []);
  throw new ProviderError({
    code: "invalid_request",
    message:
      parameter === ""
        ? `The body is not a chat request: ${issue?.message}.`
        : `${parameter}: ${issue?.message}.`,
    origin: "caller",
    failure: "not_sent",
    ...(parameter !== "" && { parameter }),
  });
}

/** `["messages", 3, "role"]` → `messages[3].role`. */
export function jsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}
