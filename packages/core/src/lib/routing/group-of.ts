import type { Deployment } from "./deployment.ts";
import type { RetryPolicy, RouteNode, SingleNode } from "./route-plan.ts";

/** Deployments that serve one name, as equals that share the load by weight. Undefined for none. */
export function groupOf(
  deployments: readonly Deployment[],
  path: string,
  retry: RetryPolicy,
): RouteNode | undefined {
  const [only, ...others] = deployments;
  if (only === undefined) return undefined;
  const leaf = (deployment: Deployment, at: string): SingleNode => ({
    kind: "single",
    path: at,
    deployment,
    retry,
  });
  if (others.length === 0 && only.weight > 0) return leaf(only, path);
  return {
    kind: "loadbalance",
    path,
    strategy: { kind: "weighted" },
    children: deployments.map((deployment, position) => ({
      node: leaf(deployment, `${path}[${position}]`),
      weight: deployment.weight,
    })),
  };
}
