import { changeMessages, type RequestRule } from "@perilune/openai-compatible";

/** Moonshot knows the roles system, user, assistant and tool; OpenAI's `developer` is its `system`. */
export const renameDeveloperRole: RequestRule = (request) =>
  changeMessages(request, (message, index) => {
    if (message.role !== "developer") return undefined;
    return {
      message: { ...message, role: "system" },
      adjustments: [
        {
          parameter: `messages[${index}].role`,
          action: "changed",
          from: "developer",
          to: "system",
          reason: "Moonshot calls the developer role system.",
          effect: "spelling",
        },
      ],
    };
  });
