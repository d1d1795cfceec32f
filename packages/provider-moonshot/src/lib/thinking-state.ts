import type { ChatRequest, ChatTarget } from "@perilune/core/provider";
import { rulesOf } from "./family-rules.ts";

/** Whether the model will think about this request, by its family's default and the request's own wish. */
export function isThinking(request: ChatRequest, target: ChatTarget): boolean {
  const { thinking } = rulesOf(target);
  if (thinking.control === "none") return thinking.isAlwaysOn;
  if (thinking.control === "effort") return true;
  return !thinking.canDisable || !asksNotToThink(request["thinking"]);
}

/** `thinking: false` and `thinking: { type: "disabled" }` mean the same to us. */
export function asksNotToThink(thinking: unknown): boolean {
  if (typeof thinking !== "object" || thinking === null) return thinking === false;
  return "type" in thinking && thinking.type === "disabled";
}
