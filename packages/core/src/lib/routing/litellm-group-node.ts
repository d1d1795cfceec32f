import { jsonPath } from "../contract/parse-chat-request.ts";
import { balancingStrategy } from "./balancing-strategies.ts";
import type { PlacedWeight } from "./check-weights.ts";
import { breakerRuleOf, retryPolicyOf } from "./litellm-policies.ts";
import type { LitellmDeployment, LitellmRoutingInput } from "./litellm-routing-input.ts";
import type { RouteNode, SingleNode } from "./route-plan.ts";

/** One entry of `model_list` as a leaf. */
export function deploymentNode(entry: LitellmDeployment, input: LitellmRoutingInput): SingleNode {
  const breaker = breakerRuleOf(entry, input);
  return {
    kind: "single",
    path: jsonPath(entry.place),
    deployment: entry.deployment,
    retry: retryPolicyOf(entry, input),
    ...(breaker !== undefined && { breaker }),
  };
}

/** All entries of one name: balanced among equals, level after level of `order`. At least one entry. */
export function groupNode(
  name: string,
  entries: readonly LitellmDeployment[],
  input: LitellmRoutingInput,
): RouteNode | undefined {
  const levels = levelsOf(entries).map((level) => levelNode(name, level, input));
  const path = groupPath(name);
  return levels.length > 1 ? { kind: "fallback", path, children: levels, on: { kind: "table" } } : levels[0];
}

/** Lower `order` first; entries without one come last. */
export function levelsOf(entries: readonly LitellmDeployment[]): (readonly LitellmDeployment[])[] {
  const byOrder = Map.groupBy(entries, ({ order }) => order ?? Infinity);
  return [...byOrder].toSorted(([left], [right]) => left - right).map(([, level]) => level);
}

function levelNode(name: string, level: readonly LitellmDeployment[], input: LitellmRoutingInput): RouteNode {
  const weights = weightsOf(level);
  const children = level.map((entry, index) => ({
    node: deploymentNode(entry, input),
    weight: weights[index]?.weight ?? 1,
  }));
  const [only] = children;
  if (only !== undefined && children.length === 1) return only.node;
  const strategy = balancingStrategy(input.strategy) ?? { kind: "weighted" };
  return { kind: "loadbalance", path: groupPath(name), children, strategy };
}

/**
 * `weight` where anyone has it (1 for the others), else `rpm`, else `tpm`. A limit serves as a weight only where all have
 * one: LiteLLM looks at the first entry alone and sends nothing to those without.
 */
export function weightsOf(level: readonly LitellmDeployment[]): PlacedWeight[] {
  const read = weightReader(level);
  return level.map((entry) => ({
    weight: read(entry) ?? 1,
    place: [...entry.place, "litellm_params", "weight"],
  }));
}

function weightReader(level: readonly LitellmDeployment[]): (entry: LitellmDeployment) => number | undefined {
  if (level.some(({ weight }) => weight !== undefined)) return ({ weight }) => weight;
  if (level.every(({ requestsPerMinute: limit }) => limit !== undefined))
    return (entry) => entry.requestsPerMinute;
  if (level.every(({ tokensPerMinute: limit }) => limit !== undefined))
    return (entry) => entry.tokensPerMinute;
  return () => undefined;
}

function groupPath(name: string): string {
  return `model_list[model_name=${name}]`;
}
