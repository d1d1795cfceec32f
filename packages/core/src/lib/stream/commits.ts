import type { ChatChunk } from "../contract/chat-response.ts";

/**
 * Whether a chunk is worth committing to. Until one is, the answer can still be replaced by another
 * target's, so a role, an empty delta or a usage report alone does not count.
 */
export function commits(chunk: ChatChunk): boolean {
  return chunk.choices.some(
    (choice) => typeof choice.finish_reason === "string" || saysSomething(choice.delta),
  );
}

function saysSomething(delta: ChatChunk["choices"][number]["delta"]): boolean {
  return Object.entries(delta).some(([field, value]) => field !== "role" && !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
