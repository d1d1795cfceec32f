import { conversationOf, partialMessage, textOf, type ChatRequest } from "../chat-request.ts";
import { drawFrom, type Draw } from "../random.ts";
import type { AnswerPlan, PlannedToolCall } from "./answer-plan.ts";
import { composeReasoning, composeToolReasoning } from "./compose-reasoning.ts";
import { composeText, questionOf } from "./compose-text.ts";
import { generateValue } from "./generate-value.ts";
import { planToolCalls } from "./plan-tool-calls.ts";

/** Plans one choice's answer; the same request, seed and choice always get the same one. */
export function planAnswer(request: ChatRequest, seed: string, choice: number): AnswerPlan {
  // A message to be continued is no part of the draw: the continuation belongs to the answer it was cut from.
  const conversation = conversationOf(request);
  const draw = drawFrom(
    seed,
    JSON.stringify(conversation),
    JSON.stringify(request.responseFormat),
    `${choice}`,
  );
  const question = questionOf(conversation);
  const toolCalls = planToolCalls(request, draw);
  if (toolCalls.length > 0) return callingPlan(request, toolCalls, draw);
  const content = continuation(request, answerTexts(request, draw));
  return { reasoning: reasoningFor(request, question, draw), content, toolCalls };
}

function callingPlan(request: ChatRequest, toolCalls: readonly PlannedToolCall[], draw: Draw): AnswerPlan {
  const question = questionOf(conversationOf(request));
  const names = toolCalls.map((call) => call.name);
  return {
    reasoning: request.thinking.active ? composeToolReasoning(question, names, draw) : undefined,
    // K3 announces its calls (capture of 2026-07-16); the models before it call in silence.
    content: request.rules.toolCallIds === "name_N" ? `I'll use ${names.join(" and ")} for that.` : "",
    toolCalls,
  };
}

function reasoningFor(request: ChatRequest, question: string, draw: Draw): string | undefined {
  const alreadyThought = partialMessage(request)?.reasoningContent;
  if (!request.thinking.active || (alreadyThought !== undefined && alreadyThought.trim() !== ""))
    return undefined;
  return composeReasoning(question, request.effort, draw);
}

/** The answer's text, and after it the JSON object that a prefix `{` asks for. */
function answerTexts(request: ChatRequest, draw: Draw): readonly [string, ...string[]] {
  const conversation = conversationOf(request);
  const { responseFormat } = request;
  if (responseFormat.type === "json_schema")
    return [JSON.stringify(generateValue(responseFormat.schema, questionOf(conversation), draw))];
  const text = composeText(conversation, request.model, draw);
  const json = isJsonObject(text) ? text : JSON.stringify({ answer: text });
  return responseFormat.type === "json_object" ? [json] : [text, json];
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function continuation(request: ChatRequest, texts: readonly [string, ...string[]]): string {
  const partial = partialMessage(request);
  if (partial === undefined) return texts[0];
  const prefix = textOf(partial);
  const begun = texts.find((text) => text.startsWith(prefix));
  if (begun !== undefined) return begun.slice(prefix.length);
  return /\s$/.test(prefix) ? texts[0] : ` ${texts[0]}`;
}
