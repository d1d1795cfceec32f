import type { Adjustment } from "@perilune/core/provider";
import type { Change } from "@perilune/openai-compatible";
import { offersTools } from "./offers-tools.ts";

/**
 * Adds a user message that asks for the tool a removed parameter asked for. Not where no tool is offered, for it
 * would ask for nothing; nor after a partial assistant message, which the provider only continues when it is the last.
 */
export function askInWords(change: Change, words: string): Change {
  if (!offersTools(change.request)) return change;
  const { messages } = change.request;
  const last = messages.at(-1);
  if (last?.role === "assistant" && last.partial === true) return change;
  const added: Adjustment = {
    parameter: `messages[${messages.length}]`,
    action: "added",
    reason: "A user message asks for a tool, because the parameter cannot.",
    effect: "meaning",
  };
  return {
    request: { ...change.request, messages: [...messages, { role: "user", content: words }] },
    adjustments: [...change.adjustments, added],
  };
}
