import { isDeepStrictEqual } from "node:util";
import type { ChatRequest } from "@perilune/core/provider";
import {
  renameParameter,
  removeParameter,
  setParameter,
  type Because,
  type Change,
  type RequestRule,
} from "@perilune/openai-compatible";

/** `function_call` → `tool_choice`, unless that was given as well; null is as good as absent. */
export const translateFunctionCall: RequestRule = (request) => {
  const choice = asToolChoice(request["function_call"]);
  if (choice === undefined) return undefined;
  if (request.tool_choice !== undefined && request.tool_choice !== null) {
    return dropFunctionCall(request, choice);
  }
  const because: Because = {
    reason: "Moonshot takes tool_choice; function_call is OpenAI's older name for it.",
    effect: "spelling",
  };
  const { request: renamed, adjustments } = renameParameter(request, "function_call", "tool_choice", because);
  return { request: setParameter(renamed, "tool_choice", choice, because).request, adjustments };
};

function dropFunctionCall(request: ChatRequest, choice: unknown): Change {
  const because: Because = isDeepStrictEqual(choice, request.tool_choice)
    ? { reason: "tool_choice was given as well and says the same.", effect: "spelling" }
    : { reason: "tool_choice was given as well and wins.", effect: "meaning" };
  return removeParameter(request, "function_call", because);
}

function asToolChoice(call: unknown): unknown {
  if (typeof call === "string") return call;
  if (typeof call !== "object" || call === null || !("name" in call)) return undefined;
  return { type: "function", function: { name: call.name } };
}
