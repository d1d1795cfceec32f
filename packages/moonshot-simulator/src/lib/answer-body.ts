import type { Answer, Step } from "./answer/answer-plan.ts";
import type { ChunkIdentity } from "./frames.ts";
import type { Usage } from "./usage.ts";

/** The whole answer as one JSON body, its keys in the order of the recorded responses. */
export function answerBody(identity: ChunkIdentity, answers: readonly Answer[], usage: Usage): string {
  return JSON.stringify({
    id: identity.id,
    object: "chat.completion",
    created: identity.created,
    model: identity.model,
    choices: answers.map((answer, index) => ({
      index,
      message: messageOf(answer),
      finish_reason: answer.finishReason,
    })),
    usage,
  });
}

function messageOf({ steps, thinks }: Answer) {
  const toolCalls = toolCallsOf(steps);
  return {
    role: "assistant",
    content: joined(steps, "content"),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    ...(thinks ? { reasoning_content: joined(steps, "reasoning") } : {}),
  };
}

function joined(steps: readonly Step[], kind: "content" | "reasoning"): string {
  return steps.map((step) => (step.kind === kind ? step.text : "")).join("");
}

function toolCallsOf(steps: readonly Step[]) {
  return steps.flatMap((step) => {
    if (step.kind !== "call") return [];
    const { id, type, name } = step.call;
    const given = steps.map((other) =>
      other.kind === "arguments" && other.index === step.index ? other.text : "",
    );
    return [{ index: step.index, id, type, function: { name, arguments: given.join("") } }];
  });
}
