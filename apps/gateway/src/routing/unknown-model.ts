import { nearestNames, ProviderError } from "@perilune/core";

/** A name nothing serves, with the names that were perhaps meant. */
export function unknownModel(name: string, known: readonly string[]): ProviderError {
  const nearest = nearestNames(name, known).map((each) => `"${each}"`);
  const advice = nearest.length === 0 ? "" : ` Did you mean ${nearest.join(" or ")}?`;
  return new ProviderError({
    code: "model_not_found",
    message: `The model "${name}" is not configured here.${advice}`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}
