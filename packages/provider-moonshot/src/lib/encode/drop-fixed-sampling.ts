import { applyRules, removeParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf, type FixedSampling } from "../family-rules.ts";
import { isThinking } from "../thinking-state.ts";

const parameters = ["temperature", "top_p", "n", "presence_penalty", "frequency_penalty"] as const;

/** From kimi-k2.5 on sampling is fixed: "invalid temperature: only 1 is allowed for this model". */
export const dropFixedSampling: RequestRule = (request, target) => {
  const { sampling } = rulesOf(target);
  if (sampling === "free") return undefined;
  const allowed = isThinking(request, target)
    ? sampling
    : { ...sampling, temperature: sampling.temperatureWithoutThinking };
  const change = applyRules(
    parameters.map((parameter) => dropUnless(parameter, allowed)),
    request,
    target,
  );
  return change.adjustments.length === 0 ? undefined : change;
};

function dropUnless(parameter: (typeof parameters)[number], allowed: FixedSampling): RequestRule {
  return (request) => {
    const value = request[parameter];
    if (typeof value !== "number" || value === allowed[parameter]) return undefined;
    return removeParameter(request, parameter, {
      reason: `Moonshot fixes ${parameter} at ${allowed[parameter]} for this model and refuses any other value.`,
      effect: "meaning",
    });
  };
}
