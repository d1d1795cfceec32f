import type { Random } from "../clock.ts";
import type { LoadbalanceStrategy } from "../routing/route-plan.ts";
import type { Candidate, OutReason } from "./candidate.ts";
import { cheapest } from "./cheapest.ts";
import { leastInFlight } from "./least-in-flight.ts";
import { peakLatency } from "./peak-latency.ts";
import { seededDraws } from "./seeded-draws.ts";
import { sticky } from "./sticky.ts";
import type { RankedCandidate, RankingFacts, Strategy } from "./strategy.ts";
import { mostHeadroom } from "./usage-headroom.ts";
import { weightedRandom } from "./weighted-random.ts";

export interface Ranking<Target> {
  /** Best first. */
  readonly ranked: readonly RankedCandidate<Target>[];
  /** Who was left out, and why. */
  readonly excluded: readonly { readonly candidate: Candidate<Target>; readonly reason: string }[];
}

const strategies: Readonly<Record<LoadbalanceStrategy["kind"], Strategy>> = {
  weighted: weightedRandom,
  least_in_flight: leastInFlight,
  peak_latency: peakLatency,
  usage_headroom: mostHeadroom,
  cheapest,
  sticky,
};

/**
 * Deciding, apart from doing: who may be asked, and in which order. The same arguments give the same ranking,
 * so `explain` can show it and a seed from a log replays it.
 */
export function rankCandidates<Target>(
  kind: LoadbalanceStrategy["kind"],
  candidates: readonly Candidate<Target>[],
  facts: RankingFacts,
  seed: number,
): Ranking<Target> {
  const draw = seededDraws(seed);
  const usable: Candidate<Target>[] = [];
  const excluded: { candidate: Candidate<Target>; reason: string }[] = [];
  for (const candidate of candidates) {
    const reason = exclusion(candidate);
    if (reason === undefined) usable.push(candidate);
    else excluded.push({ candidate, reason });
  }
  const { ready, recovering } = splitRecovering(usable, draw);
  const rank = strategies[kind];
  return { ranked: [...rank(ready, facts, draw), ...heldBack(rank(recovering, facts, draw))], excluded };
}

/** Why a target is left alone, in words. */
export const outReasons: Readonly<Record<OutReason, string>> = {
  failing: "it keeps failing and is left alone for a while",
  being_probed: "another request is finding out whether it has recovered",
  rate_limited: "it asked to be left alone for a while",
  credential_out: "its credential is refused or has no quota left",
};

function exclusion({ weight, availability, usageHeadroom }: Candidate): string | undefined {
  if (!(weight > 0)) return "weight 0";
  if (availability.state === "out") return outReasons[availability.reason];
  return usageHeadroom !== undefined && usageHeadroom < 0 ? "its usage limits leave no room" : undefined;
}

/**
 * A target that has just recovered gets its share of the requests it would get; for the others it stands last,
 * so it is still there when nobody else is.
 */
function splitRecovering<Target>(usable: readonly Candidate<Target>[], draw: Random) {
  const ready: Candidate<Target>[] = [];
  const recovering: Candidate<Target>[] = [];
  for (const candidate of usable) {
    const { availability } = candidate;
    const isHeldBack =
      availability.state === "available" && availability.share < 1 && draw() >= availability.share;
    (isHeldBack ? recovering : ready).push(candidate);
  }
  return { ready, recovering };
}

function heldBack<Target>(ranked: readonly RankedCandidate<Target>[]): RankedCandidate<Target>[] {
  return ranked.map(({ candidate, score, reason }) => ({
    candidate,
    score,
    reason: `recovering, held back; ${reason}`,
  }));
}
