import type { ChatRequest, ChatTarget, EncodedRequest } from "@perilune/core/provider";
import { askForStreamUsage } from "./ask-for-stream-usage.ts";
import { applyRules, type RequestRule } from "./request-rule.ts";

/**
 * Canonical → chat-completions wire form. `model` becomes the target's id without an adjustment: it is the
 * address of the call, chosen by the router and named in every response.
 */
export function encodeRequest(
  path: string,
  rules: readonly RequestRule[],
  request: ChatRequest,
  target: ChatTarget,
): EncodedRequest {
  const addressed = { ...request, model: target.modelId };
  const { request: body, adjustments } = applyRules([...rules, askForStreamUsage], addressed, target);
  return {
    method: "POST",
    path,
    headers: {
      "content-type": "application/json",
      accept: body.stream === true ? "text/event-stream" : "application/json",
    },
    body,
    adjustments,
  };
}
