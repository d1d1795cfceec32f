import type { ChatRequest } from "../chat-request.ts";
import type { Draw } from "../random.ts";
import { phrase, quotable, saidByUser } from "./phrases.ts";

const thoughts: readonly [string, ...string[]] = [
  "A short, friendly reply is enough.",
  "Nothing in the conversation contradicts this, so I can answer at once.",
  "I should quote the question so that the reader sees it was understood.",
  "Let me keep to what was asked and add nothing.",
];

const thoughtsPerEffort: Readonly<Record<ChatRequest["effort"], number>> = { low: 1, high: 2, max: 3 };

/** What a thinking model says to itself before it answers; more of it the higher the effort. */
export function composeReasoning(question: string, effort: ChatRequest["effort"], draw: Draw): string {
  const more = Array.from({ length: thoughtsPerEffort[effort] }, () => draw.pick(thoughts));
  return [phrase(saidByUser, draw, quotable(question)), ...new Set(more)].join(" ");
}

export function composeToolReasoning(question: string, names: readonly string[], draw: Draw): string {
  return `${phrase(saidByUser, draw, quotable(question))} I have ${names.join(" and ")} for this and should call it.`;
}
