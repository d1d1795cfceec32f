import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";
import { weightedOrder } from "./weighted-random.ts";

/**
 * Two targets are drawn at random, by weight, and the one that answers faster and is less busy goes first; the
 * other meets the next draw. Comparing only two keeps requests that decide at the same moment from all
 * choosing the same winner (Mitzenmacher, "The power of two choices", 2001).
 */
export function peakLatency<Target>(
  candidates: readonly Candidate<Target>[],
  _facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  const fastestKnown = Math.min(...candidates.map((candidate) => candidate.firstTokenMsPerToken ?? Infinity));
  const costs = weightedOrder(candidates, draw).map(({ item }) => ({
    candidate: item,
    score: expectedCost(item, fastestKnown),
    reason: reasonFor(item),
  }));
  return pairwiseBest(costs);
}

/**
 * A target nobody has measured counts as free while idle, so that it is tried, and as fast as the fastest
 * known one as soon as it is busy, so that not everybody tries it before its first answer is seen.
 */
function expectedCost({ firstTokenMsPerToken, inFlight }: Candidate, fastestKnown: number): number {
  if (firstTokenMsPerToken !== undefined) return firstTokenMsPerToken * (inFlight + 1);
  if (inFlight === 0) return 0;
  return (fastestKnown === Infinity ? 1 : fastestKnown) * (inFlight + 1);
}

function reasonFor({ firstTokenMsPerToken, inFlight }: Candidate): string {
  const speed =
    firstTokenMsPerToken === undefined
      ? "first token not measured yet"
      : `first token after ${firstTokenMsPerToken.toPrecision(3)} ms per uncached prompt token`;
  return `${speed}, ${inFlight} under way`;
}

function pairwiseBest<Item extends { readonly score: number }>(drawn: readonly Item[]): Item[] {
  const [first, ...rest] = drawn;
  if (first === undefined) return [];
  const ranked: Item[] = [];
  let waiting = first;
  for (const next of rest) {
    const isNextBetter = next.score < waiting.score;
    ranked.push(isNextBetter ? next : waiting);
    if (!isNextBetter) waiting = next;
  }
  return [...ranked, waiting];
}
