import type { Deployment } from "./deployment.ts";
import { applySettings, singleNode } from "./leaf-settings.ts";
import type { UnboundLeaf, UnboundTree } from "./leaf-settings.ts";
import { mapLeaves } from "./route-leaves.ts";
import type { RouteNode, SingleNode } from "./route-plan.ts";
import type { Compiled, RouteProblem } from "./route-problem.ts";
import { compiled, problemAt } from "./route-problem.ts";

/**
 * What a target turns out to be: one deployment, a tree such as a group of deployments, or a mistake at one of the
 * target's keys.
 */
export type ResolvedTarget =
  | { readonly deployment: Deployment }
  | { readonly node: RouteNode }
  | { readonly message: string; readonly key?: string; readonly suggestion?: string };

/** A tree whose leaves are deployments. `resolve` knows the request: its model, its own provider and key. */
export function bindTargets<Target>(
  tree: UnboundTree<Target>,
  resolve: (target: Target) => ResolvedTarget,
): Compiled<RouteNode> {
  const problems: RouteProblem[] = [];
  const bound = mapLeaves<UnboundLeaf<Target>, SingleNode>(tree, ({ target, place, path, settings }) => {
    const resolved = resolve(target);
    if ("deployment" in resolved) return singleNode(resolved.deployment, path, settings);
    if ("node" in resolved) return applySettings(resolved.node, settings);
    const { key, message, suggestion } = resolved;
    problems.push(problemAt(key === undefined ? place : [...place, key], message, suggestion));
    // Takes the place of the missing leaf; compiled() does not give the tree away.
    return { kind: "conditional", path, branches: [] };
  });
  return compiled(bound, problems);
}
