import { available } from "../balancing/candidate.ts";
import type { Candidate } from "../balancing/candidate.ts";
import { rankCandidates } from "../balancing/rank-candidates.ts";
import { stickyKey } from "../balancing/sticky-key.ts";
import type { ExpectedUse, TargetState } from "../balancing/target-state.ts";
import { evaluateCondition } from "./conditions/evaluate-condition.ts";
import type { Facts } from "./conditions/evaluate-condition.ts";
import { rankTree, stepsOf } from "./ranked-tree.ts";
import type { Step } from "./ranked-tree.ts";
import { leavesOf } from "./route-leaves.ts";
import type { LoadbalanceNode, RouteNode, SingleNode } from "./route-plan.ts";

export interface ExcludedTarget {
  readonly deploymentId: string;
  readonly path: string;
  readonly reason: string;
}

/** What was decided for one request, before anything is sent. The same inputs and seed give the same decision. */
export interface RouteDecision {
  /** Names the decision in headers and logs, and seeds it. */
  readonly id: string;
  /** Every target in the order in which it would be tried. */
  readonly steps: readonly Step[];
  readonly excluded: readonly ExcludedTarget[];
}

/** What a plan can see of the targets. */
export type TargetView = Pick<TargetState, "candidate" | "price">;

/** Deciding, apart from doing: conditions evaluated, groups ordered, each choice with its reason. */
export function planRoute(
  root: RouteNode,
  facts: Facts,
  use: ExpectedUse,
  targets: TargetView,
  seed: number,
): RouteDecision {
  const excluded: ExcludedTarget[] = [];
  const tree = rankTree(root, {
    holds: (condition) => evaluateCondition(condition, facts),
    order: (group) => {
      const key =
        group.strategy.kind === "sticky" ? stickyKey(group.strategy.fields, { ...facts }) : undefined;
      const isByPrice = group.strategy.kind === "cheapest";
      const candidates = group.children.map((child, position) =>
        childCandidate(child, position, use, targets, isByPrice),
      );
      const ranking = rankCandidates(
        group.strategy.kind,
        candidates,
        key === undefined ? {} : { stickyKey: key },
        seed + hashOf(group),
      );
      for (const { candidate, reason } of ranking.excluded) {
        if (candidate.weight > 0) continue;
        excluded.push({ deploymentId: candidate.id, path: `${group.path}[${candidate.target}]`, reason });
      }
      // Who is left alone now stands last and keeps its place in the tree: what comes after a group is for its failures.
      const leftAlone = ranking.excluded.filter(({ candidate }) => candidate.weight > 0);
      return [...ranking.ranked, ...leftAlone].map(({ candidate, reason }) => ({
        child: candidate.target,
        reason,
      }));
    },
  });
  return { id: decisionId(seed), steps: tree === undefined ? [] : stepsOf(tree), excluded };
}

/** A seed as the name of a decision: 8 hex digits. */
function decisionId(seed: number): string {
  return (seed >>> 0).toString(16).padStart(8, "0");
}

/** Groups of one decision draw apart from each other. */
function hashOf({ path }: LoadbalanceNode): number {
  let hash = 0;
  for (const character of path) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}

/** A child of a group: a target as it is, or a tree as the best of what is below it. */
function childCandidate(
  { node, weight }: LoadbalanceNode["children"][number],
  position: number,
  use: ExpectedUse,
  targets: TargetView,
  isByPrice: boolean,
): Candidate<number> {
  const view = (leaf: SingleNode) => {
    const candidate = targets.candidate(leaf, weight, use, position);
    return isByPrice ? { ...candidate, price: targets.price(leaf, use) } : candidate;
  };
  if (node.kind === "single") return view(node);
  const below = leavesOf<SingleNode>(node).map(view);
  const best = below.find(({ availability }) => availability.state !== "out") ?? below[0];
  const inFlight = below.reduce((sum, each) => sum + each.inFlight, 0);
  if (best === undefined)
    return { id: node.path, target: position, weight: 0, availability: available, inFlight };
  return { ...best, id: node.path, inFlight };
}
