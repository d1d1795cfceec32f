import type { ChatRequest } from "@perilune/core/provider";
import { setParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { namedTool } from "./named-tool.ts";

/**
 * kimi-k3 refuses a name while it thinks, which is always, and accepts `required` (both observed, 2026). With the
 * named tool alone on offer, `required` says the same.
 */
export const requireTheNamedTool: RequestRule = (request, target) => {
  const { namedToolWhileThinking, acceptsRequiredTool } = rulesOf(target);
  if (namedToolWhileThinking !== "refused" || !acceptsRequiredTool) return undefined;
  const name = namedTool(request);
  const offered = request.tools?.filter((tool) => tool.function?.name === name);
  if (name === undefined || offered?.length !== 1 || hasToolsInMessages(request)) return undefined;
  const required = setParameter(request, "tool_choice", "required", {
    reason: "This model refuses a named tool while it thinks; the one named is required instead.",
    effect: "spelling",
  });
  if (offered.length === request.tools?.length) return required;
  const alone = setParameter(required.request, "tools", offered, {
    reason: "Only the named tool is offered, so that requiring a tool means this one.",
    effect: "spelling",
  });
  return { request: alone.request, adjustments: [...required.adjustments, ...alone.adjustments] };
};

/** Tools offered in mid-conversation cannot be taken back. */
function hasToolsInMessages({ messages }: ChatRequest): boolean {
  return messages.some((message) => message["tools"] !== undefined);
}
