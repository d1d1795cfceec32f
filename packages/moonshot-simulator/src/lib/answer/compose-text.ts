import { textOf, type ChatMessage, type ChatRequest } from "../chat-request.ts";
import type { Draw } from "../random.ts";
import { phrase, phrasesFor, quotable } from "./phrases.ts";

const exactly = /\b(?:reply|respond|answer|say)\s+with\s+exactly:\s*([^]+)$/i;
const counting = /\bcount\s+(?:from\s+(\d{1,5})\s+)?(?:up\s+)?to\s+(\d{1,5})\b/i;

/** The uncut text a conversation is answered with; it depends on the conversation, the model's name and the draw alone. */
export function composeText(
  messages: readonly ChatMessage[],
  model: ChatRequest["model"],
  draw: Draw,
): string {
  const question = questionOf(messages);
  const wanted = exactly.exec(question)?.[1];
  if (wanted !== undefined) return wanted.trimEnd();
  const results = resultsAtTheEnd(messages);
  if (results.length > 0) return reportResults(results, messages, question, draw);
  const count = counting.exec(question);
  if (count !== null) return countUp(Number(count[1] ?? 1), Number(count[2]));
  return aboutTheQuestion(question, messages, model.id, draw);
}

/** The text of the last user message. */
export function questionOf(messages: readonly ChatMessage[]): string {
  const message = messages.findLast(({ role }) => role === "user");
  return message === undefined ? "" : textOf(message);
}

/** The tool messages that end the conversation: the results nobody has answered yet. */
function resultsAtTheEnd(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.slice(messages.findLastIndex((message) => message.role !== "tool") + 1);
}

function reportResults(
  results: readonly ChatMessage[],
  messages: readonly ChatMessage[],
  question: string,
  draw: Draw,
): string {
  const names = new Map(messages.flatMap(({ toolCalls }) => toolCalls.map(({ id, name }) => [id, name])));
  const lines = results.map((result) => {
    const name = names.get(result.toolCallId ?? "") ?? "the tool";
    return `${name} answered: ${textOf(result)}`;
  });
  return `${phrase(phrasesFor("").asked, draw, quotable(question))}\n\n${lines.join("\n")}\n\nThat is all the tools had to say.`;
}

function countUp(first: number, last: number): string {
  const length = Math.max(0, last - first) + 1;
  return Array.from({ length }, (_, step) => String(first + step)).join(", ");
}

function aboutTheQuestion(
  question: string,
  messages: readonly ChatMessage[],
  model: string,
  draw: Draw,
): string {
  const phrases = phrasesFor(question);
  const sentences = [
    phrase(phrases.asked, draw, quotable(question)),
    ...mediaSentence(messages),
    draw.pick(phrases.remarks),
    phrases.signature(model),
  ];
  return sentences.join(phrases.asked[0].endsWith("。") ? "" : " ");
}

function mediaSentence(messages: readonly ChatMessage[]): string[] {
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const media = parts.filter((part) => part["type"] === "image_url" || part["type"] === "video_url").length;
  if (media === 0) return [];
  return [media === 1 ? "You also sent one picture or film." : `You also sent ${media} pictures or films.`];
}
