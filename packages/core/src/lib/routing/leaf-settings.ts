import type { Deployment } from "./deployment.ts";
import { changesNothing, mergeChanges, noChanges } from "./request-changes.ts";
import type { RequestChanges } from "./request-changes.ts";
import { mapLeaves } from "./route-leaves.ts";
import type { BreakerRule, RetryPolicy, RouteNode, RouteTree, SingleNode } from "./route-plan.ts";

/** What a node says for every target below it; undefined: nothing. */
export interface LeafSettings {
  readonly retry?: RetryPolicy;
  readonly breaker?: BreakerRule;
  /** For one attempt from sending to its last byte. */
  readonly timeoutMs?: number;
  readonly changes: RequestChanges;
}

/** A target that is not yet bound to a deployment, with what it inherited. */
export interface UnboundLeaf<Target> {
  readonly kind: "unbound";
  readonly path: string;
  readonly place: readonly (string | number)[];
  readonly target: Target;
  readonly settings: LeafSettings;
}

export type UnboundTree<Target> = RouteTree<UnboundLeaf<Target>>;

export const noSettings: LeafSettings = { changes: noChanges };

/** No further attempts on the same target. */
export const noRetry: RetryPolicy = { retries: 0, honourRetryAfter: true };

/** A parent's settings and its child's: parameters merged, everything else replaced as a whole. */
export function inherit(parent: LeafSettings, child: LeafSettings): LeafSettings {
  return { ...parent, ...child, changes: mergeChanges(parent.changes, child.changes) };
}

/** One deployment with a leaf's settings. */
export function singleNode(deployment: Deployment, path: string, settings: LeafSettings): SingleNode {
  return withSettings({ kind: "single", path, deployment, retry: noRetry }, settings);
}

/** A whole tree, such as a group of deployments, that a leaf stands for: the leaf's settings go over its own. */
export function applySettings(tree: RouteNode, settings: LeafSettings): RouteNode {
  return mapLeaves<SingleNode, SingleNode>(tree, (single) => withSettings(single, settings));
}

function withSettings(single: SingleNode, { retry, breaker, timeoutMs, changes }: LeafSettings): SingleNode {
  const { deployment } = single;
  const merged = mergeChanges(single.changes ?? noChanges, changes);
  return {
    ...single,
    ...(retry !== undefined && { retry }),
    ...(breaker !== undefined && { breaker }),
    ...(timeoutMs !== undefined && {
      deployment: { ...deployment, timeouts: { ...deployment.timeouts, attemptMs: timeoutMs } },
    }),
    ...(!changesNothing(merged) && { changes: merged }),
  };
}
