import { splitTokens } from "../token-count.ts";
import type { Answer, AnswerPlan, FinishReason, Step } from "./answer-plan.ts";

/** Cuts a planned answer at its first stop word and at its token limit. */
export function cutAnswer(plan: AnswerPlan, stop: readonly string[], maxTokens: number): Answer {
  const thinks = plan.reasoning !== undefined;
  const stopped = cutAtStop(plan, stop);
  const steps = [
    ...splitTokens(plan.reasoning ?? "").map((text): Step => ({ kind: "reasoning", text })),
    ...splitTokens(stopped.content).map((text): Step => ({ kind: "content", text })),
    ...stopped.toolCalls.flatMap(toolCallSteps),
  ];
  // The marks that end the thinking and the answer are tokens too: the recorded "391" was billed as 2.
  const marks = thinks ? 2 : 1;
  const complete = steps.length + marks <= maxTokens;
  const kept = complete ? steps : steps.slice(0, maxTokens);
  const ending: FinishReason = stopped.toolCalls.length > 0 ? "tool_calls" : "stop";
  return {
    steps: kept,
    thinks,
    finishReason: complete ? ending : "length",
    completionTokens: complete ? steps.length + marks : maxTokens,
    reasoningTokens: kept.filter((step) => step.kind === "reasoning").length,
  };
}

function cutAtStop(plan: AnswerPlan, stop: readonly string[]): AnswerPlan {
  const ends = stop
    .filter((word) => word !== "")
    .map((word) => plan.content.indexOf(word))
    .filter((at) => at !== -1);
  if (ends.length === 0) return plan;
  return { ...plan, content: plan.content.slice(0, Math.min(...ends)), toolCalls: [] };
}

function toolCallSteps(call: AnswerPlan["toolCalls"][number], index: number): Step[] {
  return [
    { kind: "call", index, call },
    ...splitTokens(call.arguments).map((text): Step => ({ kind: "arguments", index, text })),
  ];
}
