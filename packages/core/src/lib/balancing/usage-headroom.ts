import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import { rankByScore } from "./rank-by-score.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";

/** Most of its own requests-per-minute and tokens-per-minute limits left; a target without limits has all of them. */
export function mostHeadroom<Target>(
  candidates: readonly Candidate<Target>[],
  _facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  return rankByScore(candidates, draw, ({ usageHeadroom }) => ({
    score: -(usageHeadroom ?? 1),
    reason:
      usageHeadroom === undefined
        ? "no usage limit"
        : `${Math.round(usageHeadroom * 100)} % of its limits left`,
  }));
}
