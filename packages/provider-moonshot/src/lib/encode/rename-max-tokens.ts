import { removeParameter, renameParameter, type RequestRule } from "@perilune/openai-compatible";

/** `max_tokens` is a deprecated alias of `max_completion_tokens`, which wins when both are sent (observed 2026-08). */
export const renameMaxTokens: RequestRule = (request) => {
  if (typeof request.max_tokens !== "number") return undefined;
  if (typeof request.max_completion_tokens === "number") {
    return removeParameter(request, "max_tokens", {
      reason: "max_completion_tokens was given as well, and Moonshot follows that one.",
      effect: "spelling",
    });
  }
  const withoutNull = { ...request };
  delete withoutNull.max_completion_tokens;
  return renameParameter(withoutNull, "max_tokens", "max_completion_tokens", {
    reason: "Moonshot deprecated max_tokens in favour of max_completion_tokens.",
    effect: "spelling",
  });
};
