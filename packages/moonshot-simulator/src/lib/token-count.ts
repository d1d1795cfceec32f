import { textOf, type ChatMessage, type ChatRequest } from "./chat-request.ts";

// The real tokenizer is not public for every model. This one cuts where a reader would: a word with the blank before
// it, up to three digits, two ideographs, a run of punctuation. It counts 23 for the recorded 23-token prompt.
const piece =
  / ?\p{Script=Han}{1,2}| ?\p{L}[\p{L}\p{M}']{0,11}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]{1,4}|\s+?(?=\s\S|$)|\s|[^]/gu;

const tokensPerMessage = 4;
const tokensPerRequest = 3;
/** Made up: the price of a picture in tokens is not documented. */
const tokensPerImage = 1_024;
const tokensPerVideo = 8_192;

/** Cuts a text into the pieces a stream delivers; joined they are the text again. */
export function splitTokens(text: string): string[] {
  return text.match(piece) ?? [];
}

export function countTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(piece)) count += 1;
  return count;
}

export function countMessageTokens(message: ChatMessage): number {
  const calls = message.toolCalls.reduce(
    (sum, call) => sum + countTokens(call.name) + countTokens(call.arguments),
    0,
  );
  const reasoning = message.reasoningContent === undefined ? 0 : countTokens(message.reasoningContent);
  return tokensPerMessage + countTokens(textOf(message)) + countMediaTokens(message) + calls + reasoning;
}

function countMediaTokens({ content }: ChatMessage): number {
  if (content === undefined || typeof content === "string") return 0;
  const images = content.filter((part) => part["type"] === "image_url").length;
  const videos = content.filter((part) => part["type"] === "video_url").length;
  return images * tokensPerImage + videos * tokensPerVideo;
}

function countToolTokens(request: Pick<ChatRequest, "tools" | "messages">): number {
  const tools = [...request.tools, ...request.messages.flatMap((message) => message.tools ?? [])];
  return tools.length === 0 ? 0 : countTokens(JSON.stringify(tools));
}

export function countPromptTokens(request: ChatRequest): number {
  return (
    tokensPerRequest +
    countToolTokens(request) +
    request.messages.reduce((sum, message) => sum + countMessageTokens(message), 0)
  );
}
