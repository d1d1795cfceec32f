import { setParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";

const leastForSeveralAnswers = 0.3;

/** Close to temperature 0 Moonshot "can only provide one answer" and refuses n > 1 (migration guide). */
export const raiseTemperature: RequestRule = (request, target) => {
  const { temperature, n } = request;
  if (rulesOf(target).sampling !== "free" || typeof temperature !== "number") return undefined;
  if (temperature >= leastForSeveralAnswers || typeof n !== "number" || n <= 1) return undefined;
  return setParameter(request, "temperature", leastForSeveralAnswers, {
    reason: "Moonshot gives several answers only from a temperature of 0.3 on.",
    effect: "meaning",
  });
};
