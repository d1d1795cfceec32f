import type { Adjustment, ChatRequest } from "@perilune/core/provider";
import {
  applyRules,
  isPlainWord,
  removeParameter,
  setParameter,
  type Change,
  type RequestRule,
} from "@perilune/openai-compatible";
import { rulesOf, type ThinkingRule } from "../family-rules.ts";
import { asksNotToThink } from "../thinking-state.ts";

type ObjectRule = Extract<ThinkingRule, { control: "object" }>;

/** kimi-k2.5 to k2.7 are steered by `thinking` alone; `reasoning_effort` beside it is a 400 (observed 2026-05). */
export const steerByThinkingObject: RequestRule = (request, target) => {
  const { thinking: rule } = rulesOf(target);
  if (rule.control !== "object") return undefined;
  const change = applyRules(
    [(request) => expressEffort(request, rule), (request) => tidyThinking(request, rule)],
    request,
    target,
  );
  return change.adjustments.length === 0 ? undefined : change;
};

/** No effort becomes no thinking, any other becomes thinking; how much of it cannot be said. */
function expressEffort(request: ChatRequest, rule: ObjectRule): Change | undefined {
  const effort = request.reasoning_effort;
  if (typeof effort !== "string") return undefined;
  const isSaidAlready = request["thinking"] !== undefined && request["thinking"] !== null;
  const isSwitch = effort === "none" && rule.canDisable && !isSaidAlready;
  const removed = removeParameter(request, "reasoning_effort", {
    reason: "This model is steered by thinking, which is on or off and has no levels.",
    effect: isSwitch ? "spelling" : "meaning",
  });
  if (isSaidAlready || !rule.canDisable) return removed;
  const type = isSwitch ? "disabled" : "enabled";
  const added = setParameter(
    removed.request,
    "thinking",
    { type },
    {
      reason: `reasoning_effort asked for thinking to be ${type}.`,
      effect: "spelling",
    },
  );
  return { request: added.request, adjustments: [...removed.adjustments, ...added.adjustments] };
}

/** The object is closed: only the members a family knows may be in it, and `type` must be. */
function tidyThinking(request: ChatRequest, rule: ObjectRule): Change | undefined {
  const asked = request["thinking"];
  if (typeof asked === "boolean") return spellOut(request, asked, rule);
  if (typeof asked !== "object" || asked === null || Array.isArray(asked)) return undefined;
  const { type, ...members } = asked as Readonly<Record<string, unknown>>;
  const allowedType = asksNotToThink(asked) && rule.canDisable ? "disabled" : "enabled";
  const allowed = Object.entries(members).filter(([name, value]) => isAllowed(name, value, rule));
  const adjustments: Adjustment[] = [];
  if (type !== allowedType) adjustments.push(typeAdjustment(type, allowedType));
  for (const [name, value] of Object.entries(members)) {
    if (!isAllowed(name, value, rule)) adjustments.push(memberAdjustment(name, value));
  }
  if (adjustments.length === 0) return undefined;
  const thinking = { type: allowedType, ...Object.fromEntries(allowed) };
  return { request: { ...request, thinking }, adjustments };
}

function spellOut(request: ChatRequest, asked: boolean, rule: ObjectRule): Change {
  const type = asked || !rule.canDisable ? "enabled" : "disabled";
  return setParameter(
    request,
    "thinking",
    { type },
    {
      reason: "Moonshot takes an object with a type here, never a boolean.",
      effect: asked === (type === "enabled") ? "spelling" : "meaning",
    },
  );
}

function isAllowed(name: string, value: unknown, rule: ObjectRule): boolean {
  if (name !== "keep" || !rule.keeps) return false;
  return value === "all" || (value === null && rule.canDisable);
}

function typeAdjustment(asked: unknown, type: "enabled" | "disabled"): Adjustment {
  return {
    parameter: "thinking.type",
    action: asked === undefined ? "added" : "changed",
    ...(isPlainWord(asked) && { from: asked }),
    to: type,
    reason:
      asked === "disabled"
        ? "This model always thinks."
        : "Moonshot knows the types enabled and disabled, and one must be given.",
    effect: asked === "disabled" ? "meaning" : "spelling",
  };
}

function memberAdjustment(name: string, value: unknown): Adjustment {
  return {
    parameter: isPlainWord(name) ? `thinking.${name}` : "thinking",
    action: "removed",
    reason: "This model refuses a thinking object with this member or value.",
    effect: value === null ? "spelling" : "meaning",
  };
}
