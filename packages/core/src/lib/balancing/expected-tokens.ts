import type { ChatMessage, ChatRequest } from "../contract/chat-request.ts";

/** English, code and Chinese alike come to roughly four UTF-8 bytes a token with the tokenizers of 2026. */
const bytesPerToken = 4;

/** A role and its delimiters. */
const tokensPerMessage = 4;

/** An image, a sound, a file: unknown without the provider, and never the length of its base64. */
const tokensPerAttachment = 1_000;

/** What an answer takes when nobody limits it shorter. */
const usualOutputTokens = 1_000;

/**
 * A rough count of the prompt's tokens, within a factor of two for text: enough to rank targets and to reserve
 * room, not to bill by. Costs one pass over the lengths, no tokenizer.
 */
export function estimatePromptTokens(request: ChatRequest): number {
  let bytes = 0;
  let tokens = request.messages.length * tokensPerMessage;
  for (const message of request.messages) {
    bytes += writtenBytes(message);
    tokens += attachmentsIn(message) * tokensPerAttachment;
  }
  if (request.tools) bytes += Buffer.byteLength(JSON.stringify(request.tools));
  return tokens + Math.ceil(bytes / bytesPerToken);
}

/** How long the answer will likely be: what the request allows, if that is less than usual. */
export function expectedOutputTokens(request: ChatRequest): number {
  return Math.min(usualOutputTokens, outputLimit(request) ?? Infinity);
}

/** The most tokens the request allows the answer; undefined when it does not say. */
export function outputLimit(request: ChatRequest): number | undefined {
  return request.max_completion_tokens ?? request.max_tokens ?? undefined;
}

function writtenBytes(message: ChatMessage): number {
  const { content } = message;
  let bytes = typeof content === "string" ? Buffer.byteLength(content) : 0;
  if (Array.isArray(content)) for (const part of content) bytes += Buffer.byteLength(part.text ?? "");
  if (message.role !== "assistant") return bytes;
  bytes += Buffer.byteLength(message.reasoning_content ?? "");
  for (const call of message.tool_calls ?? []) bytes += Buffer.byteLength(call.function?.arguments ?? "");
  return bytes;
}

function attachmentsIn({ content }: ChatMessage): number {
  return Array.isArray(content) ? content.filter((part) => part.text === undefined).length : 0;
}
