import type { RouteTree } from "./route-plan.ts";

/** Anything that can be told from an inner node. */
interface AnyLeaf {
  readonly kind: string;
}

/** The same tree with something else at every leaf: another leaf, or a whole tree. */
export function mapLeaves<Leaf extends AnyLeaf, Next extends AnyLeaf>(
  tree: RouteTree<Leaf>,
  change: (leaf: Leaf) => RouteTree<Next>,
): RouteTree<Next> {
  if (isLeaf(tree)) return change(tree);
  if (tree.kind === "fallback") {
    return { ...tree, children: tree.children.map((child) => mapLeaves(child, change)) };
  }
  if (tree.kind === "loadbalance") {
    const children = tree.children.map(({ node, weight }) => ({ node: mapLeaves(node, change), weight }));
    return { ...tree, children };
  }
  const { otherwise, branches, ...facts } = tree;
  return {
    ...facts,
    branches: branches.map(({ when, node }) => ({ when, node: mapLeaves(node, change) })),
    ...(otherwise !== undefined && { otherwise: mapLeaves(otherwise, change) }),
  };
}

/** Every leaf, from left to right. */
export function leavesOf<Leaf extends AnyLeaf>(tree: RouteTree<Leaf>): Leaf[] {
  const leaves: Leaf[] = [];
  mapLeaves<Leaf, Leaf>(tree, (leaf) => {
    leaves.push(leaf);
    return leaf;
  });
  return leaves;
}

function isLeaf<Leaf extends AnyLeaf>(tree: RouteTree<Leaf>): tree is Leaf {
  return tree.kind !== "fallback" && tree.kind !== "loadbalance" && tree.kind !== "conditional";
}
