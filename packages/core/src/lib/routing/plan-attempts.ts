import type { Deployment } from "./deployment.ts";

/** What a decision may depend on; nothing else does, so the same inputs give the same plan. */
export interface PlanInputs {
  readonly candidates: readonly Deployment[];
  /** A number in [0, 1) for each candidate, in order. */
  readonly draws: readonly number[];
}

export interface PlannedAttempt {
  readonly deployment: Deployment;
  readonly reason: string;
}

export interface AttemptPlan {
  /** Best first. */
  readonly attempts: readonly PlannedAttempt[];
  /** Who was left out, and why. */
  readonly excluded: readonly { readonly deploymentId: string; readonly reason: string }[];
}

/**
 * Deciding, apart from doing: a weighted random order without replacement. Each candidate draws
 * -ln(u)/weight and the smallest goes first (Efraimidis and Spirakis, 2006), so a candidate with twice the
 * weight is first twice as often, and the rest of the order is weighted too.
 */
export function planAttempts({ candidates, draws }: PlanInputs): AttemptPlan {
  const keyed = candidates
    .map((deployment, index) => ({
      deployment,
      key: -Math.log(1 - (draws[index] ?? 0)) / deployment.weight,
    }))
    .filter(({ deployment }) => deployment.weight > 0)
    .sort((a, b) => a.key - b.key);
  const reason = keyed.length === 1 ? "the only deployment" : "weighted random choice";
  return {
    attempts: keyed.map(({ deployment }) => ({ deployment, reason })),
    excluded: candidates
      .filter(({ weight }) => !(weight > 0))
      .map(({ id }) => ({ deploymentId: id, reason: "weight 0" })),
  };
}
