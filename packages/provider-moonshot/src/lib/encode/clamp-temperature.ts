import { setParameter, type RequestRule } from "@perilune/openai-compatible";
import { rulesOf } from "../family-rules.ts";

/** Where temperature is free its range ends at 1; OpenAI's ends at 2. */
export const clampTemperature: RequestRule = (request, target) => {
  const { temperature } = request;
  if (rulesOf(target).sampling !== "free" || typeof temperature !== "number" || temperature <= 1) {
    return undefined;
  }
  return setParameter(request, "temperature", 1, {
    reason: "Moonshot's temperature ends at 1.",
    effect: "meaning",
  });
};
