import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import type { RankedCandidate } from "./strategy.ts";
import { weightedOrder } from "./weighted-random.ts";

interface Judgement {
  /** Smaller is better. */
  readonly score: number;
  readonly reason: string;
}

/** Best score first; among equals the weighted random order, so that ties do not all go to the same target. */
export function rankByScore<Target>(
  candidates: readonly Candidate<Target>[],
  draw: Random,
  judge: (candidate: Candidate<Target>) => Judgement,
): RankedCandidate<Target>[] {
  return weightedOrder(candidates, draw)
    .map(({ item }) => {
      const { score, reason } = judge(item);
      return { candidate: item, score, reason };
    })
    .sort((a, b) => a.score - b.score);
}
