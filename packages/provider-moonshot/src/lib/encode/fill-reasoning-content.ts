import type { AssistantMessage } from "@perilune/core/provider";
import { changeMessages, type RequestRule } from "@perilune/openai-compatible";
import { isThinking } from "../thinking-state.ts";

/** The least the provider accepts in the place of reasoning that is gone. */
const placeholder = " ";

/**
 * While it thinks, the model wants its reasoning back with every tool call it made: "thinking is enabled but
 * reasoning_content is missing in assistant tool call message at index N". Most clients do not keep it.
 */
export const fillReasoningContent: RequestRule = (request, target) => {
  if (!isThinking(request, target)) return undefined;
  return changeMessages(request, (message, index) => {
    if (message.role !== "assistant" || !message.tool_calls?.length) return undefined;
    if (typeof message.reasoning_content === "string") return undefined;
    return {
      message: { ...message, reasoning_content: reasoningElsewhere(message) ?? placeholder },
      adjustments: [
        {
          parameter: `messages[${index}].reasoning_content`,
          action: "added",
          reason: "Moonshot refuses tool calls in the history without the reasoning that led to them.",
          effect: "spelling",
        },
      ],
    };
  });
};

/** Where LiteLLM's client puts it. */
function reasoningElsewhere(message: AssistantMessage): string | undefined {
  const fields = message["provider_specific_fields"];
  if (typeof fields !== "object" || fields === null || !("reasoning_content" in fields)) return undefined;
  const reasoning = fields.reasoning_content;
  return typeof reasoning === "string" && reasoning !== "" ? reasoning : undefined;
}
