import {
  renameParameter,
  removeParameter,
  setParameter,
  type RequestRule,
} from "@perilune/openai-compatible";

/** `function_call` → `tool_choice`, unless that was given as well. */
export const translateFunctionCall: RequestRule = (request) => {
  const choice = asToolChoice(request["function_call"]);
  if (choice === undefined) return undefined;
  if (request.tool_choice !== undefined) {
    return removeParameter(request, "function_call", {
      reason: "tool_choice says the same in Moonshot's words and was given as well.",
      effect: "spelling",
    });
  }
  const because = {
    reason: "Moonshot takes tool_choice; function_call is OpenAI's older name for it.",
    effect: "spelling",
  } as const;
  const { request: renamed, adjustments } = renameParameter(request, "function_call", "tool_choice", because);
  return { request: setParameter(renamed, "tool_choice", choice, because).request, adjustments };
};

function asToolChoice(call: unknown): unknown {
  if (typeof call === "string") return call;
  if (typeof call !== "object" || call === null || !("name" in call)) return undefined;
  return { type: "function", function: { name: call.name } };
}
