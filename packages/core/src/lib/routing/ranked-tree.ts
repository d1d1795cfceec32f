import { errorTable } from "../contract/error-table.ts";
import type { ProviderError } from "../contract/provider-error.ts";
import type {
  ConditionalNode,
  FallbackTrigger,
  LoadbalanceNode,
  RouteNode,
  SingleNode,
} from "./route-plan.ts";
import type { Condition } from "./conditions/condition.ts";

/** A decided tree: conditions evaluated, every group in its order. What is left depends only on how attempts end. */
export type RankedTree = RankedLeaf | RankedSequence;

interface RankedLeaf {
  readonly kind: "leaf";
  readonly node: SingleNode;
  /** Why it stands where it stands. */
  readonly reason: string;
}

interface RankedSequence {
  readonly kind: "sequence";
  /** Members of a group are equals; what a fallback lists is second best. */
  readonly of: "group" | "fallback";
  readonly path: string;
  readonly on: FallbackTrigger;
  readonly children: readonly RankedTree[];
}

/** The decisions a tree leaves open. */
export interface Choices {
  holds(condition: Condition): boolean;
  /** The children of a group by position, best first, each with its reason. */
  order(group: LoadbalanceNode): readonly { readonly child: number; readonly reason: string }[];
}

/** Decides a tree. Undefined where no branch of a condition holds. */
export function rankTree(
  node: RouteNode,
  choices: Choices,
  reason = "the only target",
): RankedTree | undefined {
  if (node.kind === "single") return { kind: "leaf", node, reason };
  if (node.kind === "conditional") return rankBranches(node, choices);
  if (node.kind === "fallback") {
    const children = node.children.map((child, index) => rankTree(child, choices, `fallback ${index + 1}`));
    return sequence("fallback", node.path, node.on, children);
  }
  const members = choices.order(node).map(({ child, reason: why }) => {
    const entry = node.children[child];
    return entry && rankTree(entry.node, choices, why);
  });
  // A group fails over to its other members before it counts as failed.
  return sequence("group", node.path, { kind: "table" }, members);
}

function rankBranches({ branches, otherwise }: ConditionalNode, choices: Choices): RankedTree | undefined {
  const chosen = branches.find(({ when }) => choices.holds(when));
  const next = chosen?.node ?? otherwise;
  const reason = chosen === undefined ? "no condition held" : "its condition held";
  return next && rankTree(next, choices, reason);
}

function sequence(
  of: RankedSequence["of"],
  path: string,
  on: FallbackTrigger,
  children: readonly (RankedTree | undefined)[],
): RankedSequence | undefined {
  const decided = children.filter((child) => child !== undefined);
  return decided.length === 0 ? undefined : { kind: "sequence", of, path, on, children: decided };
}

/** A leaf and the way to it: each sequence above it, with the position of the child the way goes through. */
export interface Step {
  readonly leaf: RankedLeaf;
  readonly way: readonly { readonly sequence: RankedSequence; readonly child: number }[];
}

/** Every leaf in the order in which they would be tried. */
export function stepsOf(tree: RankedTree, way: Step["way"] = []): Step[] {
  if (tree.kind === "leaf") return [{ leaf: tree, way }];
  return tree.children.flatMap((child, position) =>
    stepsOf(child, [...way, { sequence: tree, child: position }]),
  );
}

/**
 * Where an attempt may go after `failed` ended with `error`: from the innermost sequence outwards, the later
 * children of each that moves on after this error. A sequence that does not has failed itself.
 */
export function stepsAfter(steps: readonly Step[], failed: Step, error: ProviderError): Step[] {
  return failed.way.toReversed().flatMap(({ sequence: above, child }, outward) => {
    if (!movesOn(above.on, error)) return [];
    const depth = failed.way.length - 1 - outward;
    return steps.filter(({ way }) => {
      const there = way[depth];
      return there?.sequence === above && there.child > child;
    });
  });
}

function movesOn(on: FallbackTrigger, error: ProviderError): boolean {
  if (on.kind === "codes") return on.codes.includes(error.code);
  const policy = errorTable[error.code];
  if (on.kind === "table") return policy.nextTarget !== "no" && policy.nextTarget !== "if_allowed";
  return (
    on.statuses.includes(error.facts.upstreamStatus ?? policy.status) || on.statuses.includes(policy.status)
  );
}
