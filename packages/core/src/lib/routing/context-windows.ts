import { leavesOf } from "./route-leaves.ts";
import type { RouteNode, SingleNode } from "./route-plan.ts";

/** Context windows in tokens; undefined when one of them is only guessed. */
function windowsOf(node: RouteNode): number[] | undefined {
  const profiles = leavesOf<SingleNode>(node).map(({ deployment }) =>
    deployment.provider.adapter.profileOf(deployment.modelId),
  );
  if (profiles.some(({ provenance }) => provenance.evidence === "inferred")) return undefined;
  return profiles.map(({ contextWindowTokens }) => contextWindowTokens);
}

/**
 * Why what was too long for `from` is too long for `to` as well: even its largest window is no larger than the smallest
 * there. Undefined when it may fit, or when a window is not known.
 */
export function whyNeverFits(from: RouteNode, to: RouteNode): string | undefined {
  const [outgrown, offered] = [windowsOf(from), windowsOf(to)];
  if (outgrown === undefined || offered === undefined) return undefined;
  const [smallest, largest] = [Math.min(...outgrown), Math.max(...offered)];
  return largest > smallest ? undefined : `its window of ${largest} tokens is not larger than ${smallest}`;
}
