import { removeParameter, setParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { isThinking } from "../thinking-state.ts";
import { askInWords } from "./ask-in-words.ts";
import { namedTool } from "./named-tool.ts";

/**
 * "tool_choice 'specified' is incompatible with thinking enabled" (observed on kimi-k2.5 to k2.7, 2026). The tool
 * was asked for, thinking usually is only the default: so thinking yields, unless it was asked for too or cannot.
 */
export const releaseNamedTool: RequestRule = (request, target) => {
  const name = namedTool(request);
  const { thinking, namedToolWhileThinking } = rulesOf(target);
  if (name === undefined || namedToolWhileThinking !== "refused" || !isThinking(request, target))
    return undefined;
  if (thinking.control === "object" && thinking.canDisable && !request["thinking"]) {
    return setParameter(
      request,
      "thinking",
      { type: "disabled" },
      {
        reason: "This model refuses a named tool while it thinks.",
        effect: "meaning",
      },
    );
  }
  const removed = removeParameter(request, "tool_choice", {
    reason:
      "This model refuses a named tool while it thinks, and thinking was asked for or cannot be turned off.",
    effect: "meaning",
  });
  return askInWords(removed, `Please use the tool ${name} to handle the current issue.`);
};
