import type { ChatRequest } from "@perilune/core/provider";
import {
  applyRules,
  removeParameter,
  setParameter,
  type Change,
  type RequestRule,
} from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";
import { asksNotToThink } from "../thinking-state.ts";

/** The kimi-k3 scale has three levels (API reference, 2026-08-17); the steps of OpenAI's that fall between go up. */
const levels: Readonly<Record<string, "low" | "high" | "max">> = {
  none: "low",
  minimal: "low",
  low: "low",
  medium: "high",
  high: "high",
  xhigh: "max",
  max: "max",
};

/** kimi-k3 always thinks and is steered by `reasoning_effort` alone. */
export const steerByEffort: RequestRule = (request, target) => {
  if (rulesOf(target).thinking.control !== "effort") return undefined;
  const change = applyRules([expressThinking, mapEffort], request, target);
  return change.adjustments.length === 0 ? undefined : change;
};

function expressThinking(request: ChatRequest): Change | undefined {
  const { thinking } = request;
  if (thinking === undefined || thinking === null) return undefined;
  const isOff = asksNotToThink(thinking);
  const isEffortGiven = typeof request.reasoning_effort === "string";
  const removed = removeParameter(request, "thinking", {
    reason: isOff
      ? reasonForOff(isEffortGiven)
      : "This model always thinks and takes reasoning_effort instead of a thinking object.",
    effect: isOff ? "meaning" : "spelling",
  });
  const effort = isOff ? "low" : effortInside(thinking);
  if (effort === undefined || isEffortGiven) return removed;
  const added = setParameter(removed.request, "reasoning_effort", effort, {
    reason: "It stands for what the thinking object asked.",
    effect: "spelling",
  });
  return { request: added.request, adjustments: [...removed.adjustments, ...added.adjustments] };
}

function reasonForOff(isEffortGiven: boolean): string {
  return isEffortGiven
    ? "This model always thinks; the reasoning_effort that was given as well says how much."
    : "This model always thinks; the lowest effort is nearest to what was asked.";
}

/** Kimi Code, Moonshot's subscription service, writes the effort into the object. */
function effortInside(thinking: unknown): string | undefined {
  if (typeof thinking !== "object" || thinking === null || !("effort" in thinking)) return undefined;
  return typeof thinking.effort === "string" ? thinking.effort : undefined;
}

function mapEffort(request: ChatRequest): Change | undefined {
  const effort = request.reasoning_effort;
  if (typeof effort !== "string") return undefined;
  const level = Object.hasOwn(levels, effort) ? levels[effort] : undefined;
  if (level === effort) return undefined;
  const reason = "This model knows the efforts low, high and max.";
  if (level === undefined) return removeParameter(request, "reasoning_effort", { reason, effect: "meaning" });
  // The top of one scale is the top of the other; every other step is only the nearest.
  const effect = effort === "xhigh" ? "spelling" : "meaning";
  return setParameter(request, "reasoning_effort", level, { reason, effect });
}
