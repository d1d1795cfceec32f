import type { AssistantMessage } from "@perilune/core/provider";
import { changeMessages, type RequestRule } from "@perilune/openai-compatible";

/** Beside tool calls content may be absent, but not empty: "text content is empty". */
export const dropEmptyContent: RequestRule = (request) =>
  changeMessages(request, (message, index) => {
    if (message.role !== "assistant" || !message.tool_calls?.length || !isBlank(message.content)) {
      return undefined;
    }
    const { content: _content, ...rest } = message;
    return {
      message: rest,
      adjustments: [
        {
          parameter: `messages[${index}].content`,
          action: "removed",
          reason: "Moonshot refuses empty text beside tool calls.",
          effect: "spelling",
        },
      ],
    };
  });

function isBlank(content: AssistantMessage["content"]): boolean {
  if (content === undefined || content === null) return false;
  if (typeof content === "string") return content.trim() === "";
  return content.every((part) => part.type === "text" && (part.text ?? "").trim() === "");
}
