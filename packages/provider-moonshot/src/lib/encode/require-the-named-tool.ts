import { setParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { namedTool } from "./named-tool.ts";
import { offersToolsInMessages } from "./offers-tools.ts";

/**
 * kimi-k3 refuses a name while it thinks, which is always, and accepts `required` (two public reports, 2026; the
 * documentation is silent on names). With the named tool alone on offer, `required` asks for the same call; but the
 * tools are part of the prompt and of what the provider caches, so leaving some out is a change of meaning.
 */
export const requireTheNamedTool: RequestRule = (request, target) => {
  const { namedToolWhileThinking, acceptsRequiredTool } = rulesOf(target);
  if (namedToolWhileThinking !== "refused" || !acceptsRequiredTool) return undefined;
  const name = namedTool(request);
  const offered = request.tools?.filter((tool) => tool.function?.name === name);
  // Tools offered in mid-conversation cannot be taken back.
  if (name === undefined || offered?.length !== 1 || offersToolsInMessages(request)) return undefined;
  const required = setParameter(request, "tool_choice", "required", {
    reason: "This model refuses a named tool while it thinks; the one named is required instead.",
    effect: "spelling",
  });
  if (offered.length === request.tools?.length) return required;
  const alone = setParameter(required.request, "tools", offered, {
    reason: "Only the named tool is offered, so that requiring a tool means this one.",
    effect: "meaning",
  });
  return { request: alone.request, adjustments: [...required.adjustments, ...alone.adjustments] };
};
