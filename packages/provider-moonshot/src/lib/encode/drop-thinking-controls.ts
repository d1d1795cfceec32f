import type { ChatRequest, ChatTarget } from "@perilune/core/provider";
import { applyRules, removeParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { asksNotToThink } from "../thinking-state.ts";

/**
 * Families without a switch for thinking would ignore one silently; dropping it says so. Where the model does
 * anyway what was asked, nothing is lost by it.
 */
export const dropThinkingControls: RequestRule = (request, target) => {
  if (rulesOf(target).thinking.control !== "none") return undefined;
  const change = applyRules([dropControl("thinking"), dropControl("reasoning_effort")], request, target);
  return change.adjustments.length === 0 ? undefined : change;
};

function dropControl(name: "thinking" | "reasoning_effort"): RequestRule {
  return (request, target) => {
    const value = request[name];
    if (value === undefined || value === null) return undefined;
    const wantsThinking = !asksNotToThink(value) && value !== "none";
    return removeParameter(request, name, {
      reason: `${target.profile.family} models ${thinks(target) ? "always" : "never"} think and have no switch for it.`,
      effect: wantsThinking === thinks(target) && isPlainSwitch(name, request) ? "spelling" : "meaning",
    });
  };
}

/** A level of effort says more than on and off. */
function isPlainSwitch(name: "thinking" | "reasoning_effort", request: ChatRequest): boolean {
  return name === "thinking" || request.reasoning_effort === "none";
}

function thinks(target: ChatTarget): boolean {
  const { thinking } = rulesOf(target);
  return thinking.control === "none" && thinking.isAlwaysOn;
}
