import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import { rankByScore } from "./rank-by-score.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";

/** Fewest attempts under way for its weight: a target of weight 2 is as busy with 4 as one of weight 1 with 2. */
export function leastInFlight<Target>(
  candidates: readonly Candidate<Target>[],
  _facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  return rankByScore(candidates, draw, ({ inFlight, weight }) => ({
    score: inFlight / weight,
    reason: `${inFlight} under way`,
  }));
}
