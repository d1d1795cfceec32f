import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt } from "./route-problem.ts";

export interface PlacedWeight {
  readonly weight: number;
  /** Where it is written, or would be. */
  readonly place: Place;
}

/** Weights that no choice can be made by; 0 takes nothing out of the group, but somebody has to take the traffic. */
export function checkWeights(weights: readonly PlacedWeight[], group: Place): RouteProblem[] {
  const wrong = weights.filter(({ weight }) => !Number.isFinite(weight) || weight < 0);
  if (wrong.length > 0) {
    return wrong.map(({ weight, place }) =>
      problemAt(place, `a weight is a number of at least 0, not ${weight}`),
    );
  }
  if (weights.length === 0 || weights.some(({ weight }) => weight > 0)) return [];
  return [problemAt(group, "every weight is 0, so nothing here would take traffic")];
}
