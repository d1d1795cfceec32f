import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";

/** What of the request itself a strategy may look at. */
export interface RankingFacts {
  /** Requests with the same key belong together; absent when the request has none of the fields. */
  readonly stickyKey?: string;
}

export interface RankedCandidate<Target> {
  readonly candidate: Candidate<Target>;
  /** Smaller is better; comparable within one ranking only. */
  readonly score: number;
  /** For people: shown by `explain` and in the attempts trail. */
  readonly reason: string;
}

/**
 * Orders candidates, best first. All of them may be used: who may not was left out before. Pure, given the
 * draws; gives back every candidate exactly once.
 */
export type Strategy = <Target>(
  candidates: readonly Candidate<Target>[],
  facts: RankingFacts,
  draw: Random,
) => RankedCandidate<Target>[];
