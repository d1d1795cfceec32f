import type { ChatMessage } from "@perilune/core/provider";
import { changeMessages, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";

/** The models before kimi-k2.5 take text as a string; lists with any other kind of part are left as they are. */
export const flattenTextParts: RequestRule = (request, target) => {
  if (!rulesOf(target).wantsPlainText) return undefined;
  return changeMessages(request, (message, index) => {
    const text = textOf(message);
    if (text === undefined) return undefined;
    return {
      message: { ...message, content: text },
      adjustments: [
        {
          parameter: `messages[${index}].content`,
          action: "changed",
          reason: "This model takes text as a string, not as a list of parts.",
          effect: "spelling",
        },
      ],
    };
  });
};

function textOf({ content }: ChatMessage): string | undefined {
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const texts = content.flatMap((part) =>
    part.type === "text" && part.text !== undefined ? [part.text] : [],
  );
  return texts.length === content.length ? texts.join("") : undefined;
}
