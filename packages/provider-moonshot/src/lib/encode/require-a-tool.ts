import { removeParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { askInWords } from "./ask-in-words.ts";

/** Only kimi-k3 accepts `tool_choice: "required"` (documentation of 2026-08-13); others are asked in words. */
export const requireATool: RequestRule = (request, target) => {
  if (request.tool_choice !== "required" || rulesOf(target).acceptsRequiredTool) return undefined;
  const removed = removeParameter(request, "tool_choice", {
    reason: `${target.profile.family} models do not accept required.`,
    effect: "meaning",
  });
  return askInWords(removed, "Please select a tool to handle the current issue.");
};
