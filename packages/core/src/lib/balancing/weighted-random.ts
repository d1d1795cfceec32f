import type { Random } from "../clock.ts";
import type { Candidate } from "./candidate.ts";
import type { RankedCandidate, RankingFacts } from "./strategy.ts";

interface Keyed<Item> {
  readonly item: Item;
  readonly key: number;
}

/**
 * A weighted random order without replacement: each item draws -ln(u)/weight and the smallest goes first
 * (Efraimidis and Spirakis, 2006), so an item with twice the weight is first twice as often, and the rest of
 * the order is weighted too. Items whose weight is not positive are left out.
 */
export function weightedOrder<Item extends { readonly weight: number }>(
  items: readonly Item[],
  draw: Random,
): Keyed<Item>[] {
  return items
    .map((item) => ({ item, key: -Math.log(1 - draw()) / item.weight }))
    .filter(({ item }) => item.weight > 0)
    .sort((a, b) => a.key - b.key);
}

export function weightedRandom<Target>(
  candidates: readonly Candidate<Target>[],
  _facts: RankingFacts,
  draw: Random,
): RankedCandidate<Target>[] {
  return weightedOrder(candidates, draw).map(({ item, key }) => ({
    candidate: item,
    score: key,
    reason: "weighted random choice",
  }));
}
