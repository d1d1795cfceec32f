import { ProviderError } from "../contract/provider-error.ts";
import { nearestNames } from "./nearest-names.ts";

/** A name nothing serves, with the names that were perhaps meant. */
export function unknownModel(name: string, known: readonly string[]): ProviderError {
  const nearest = nearestNames(name, known).map((each) => `"${each}"`);
  const advice = nearest.length === 0 ? "" : ` Did you mean ${nearest.join(" or ")}?`;
  return new ProviderError({
    code: "model_not_found",
    message: `The model "${shortened(name)}" is not configured here.${advice}`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}

/** A caller's text in our message: long enough to recognise, too short to fill a log. */
export function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
