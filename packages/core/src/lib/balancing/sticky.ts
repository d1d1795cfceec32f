import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import { StableHash } from "./stable-hash.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";
import { weightedRandom } from "./weighted-random.ts";

/**
 * Requests with the same key go to the same target. Weighted rendezvous hashing: every target draws for every
 * key, from a hash instead of chance, so nothing has to be remembered, a key moves only when its own target is
 * out, returns with it, and a new target takes its share and moves nothing else. A request without the
 * fields goes anywhere.
 */
export function sticky<Target>(
  candidates: readonly Candidate<Target>[],
  facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  if (facts.stickyKey === undefined) return weightedRandom(candidates, facts, draw);
  const key = StableHash.of(facts.stickyKey).and("\0");
  return candidates
    .filter(({ weight }) => weight > 0)
    .map((candidate) => ({
      candidate,
      score: -Math.log(key.and(candidate.id).fraction) / candidate.weight,
      reason: "chosen by the request's sticky fields",
    }))
    .sort((a, b) => a.score - b.score || (a.candidate.id < b.candidate.id ? -1 : 1));
}
