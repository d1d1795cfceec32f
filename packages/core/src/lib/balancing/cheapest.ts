import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import { rankByScore } from "./rank-by-score.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";

/** Cheapest for this request. A price nobody knows is not zero: such a target goes last. */
export function cheapest<Target>(
  candidates: readonly Candidate<Target>[],
  _facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  return rankByScore(candidates, draw, ({ price }) => {
    if (price === undefined) return { score: Infinity, reason: "its price was not estimated" };
    if (price.kind === "unknown") return { score: Infinity, reason: price.reason };
    const amount = (price.nano / 1e9).toFixed(6);
    return { score: price.nano, reason: `about ${amount} ${price.currency.toUpperCase()} for this request` };
  });
}
