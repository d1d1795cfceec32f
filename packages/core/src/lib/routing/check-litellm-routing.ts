import { balancingStrategies, balancingStrategy } from "./balancing-strategies.ts";
import { checkWeights } from "./check-weights.ts";
import { whyNeverFits } from "./context-windows.ts";
import { findLoops } from "./find-loops.ts";
import type { Reference } from "./find-loops.ts";
import { levelsOf, weightsOf } from "./litellm-group-node.ts";
import type { LitellmFallbackRule, LitellmRoutingInput } from "./litellm-routing-input.ts";
import type { RouteNode } from "./route-plan.ts";
import type { RouteProblem } from "./route-problem.ts";
import { problemAt, unknownName } from "./route-problem.ts";

type GroupOf = (name: string) => RouteNode | undefined;

/** Everything in the settings that could only fail on the day it is needed. */
export function checkLitellmRouting(input: LitellmRoutingInput, groupOf: GroupOf): RouteProblem[] {
  const { fallbacks, contextWindowFallbacks, contentPolicyFallbacks, defaultFallbacks } = input;
  const byDefault = defaultFallbacks ? [{ ...defaultFallbacks, modelName: "*" }] : [];
  const kinds = [fallbacks, contextWindowFallbacks, contentPolicyFallbacks];
  const aliases = input.aliases.map(({ alias, modelName, place }) => ({ from: alias, to: modelName, place }));
  return [
    ...checkStrategy(input),
    ...checkGroupWeights(input),
    ...findLoops(aliases),
    ...checkNames(input, [...kinds.flat(), ...byDefault], groupOf),
    // "*" leads back to its own targets by nature: the chain passes over a name it has met.
    ...kinds.flatMap((rules) => findLoops(referencesOf(rules))),
    ...checkWindows(contextWindowFallbacks, groupOf),
  ];
}

function checkGroupWeights({ deployments }: LitellmRoutingInput): RouteProblem[] {
  return [...Map.groupBy(deployments, ({ modelName }) => modelName).values()].flatMap((group) =>
    levelsOf(group).flatMap((level) => checkWeights(weightsOf(level), level[0]?.place ?? [])),
  );
}

function checkStrategy({ strategy, strategyPlace }: LitellmRoutingInput): RouteProblem[] {
  if (balancingStrategy(strategy) !== undefined) return [];
  const place = strategyPlace ?? ["router_settings", "routing_strategy"];
  return [unknownName(place, "no strategy is called", strategy, Object.keys(balancingStrategies))];
}

function checkNames(
  { deployments, aliases }: LitellmRoutingInput,
  rules: readonly LitellmFallbackRule[],
  groupOf: GroupOf,
): RouteProblem[] {
  const known = deployments.flatMap(({ modelName, deployment }) => [modelName, deployment.id]);
  // A rule may be for a pattern; nothing can be sent to one.
  const concrete = known.filter((name) => !name.includes("*"));
  const sources = rules.filter(({ modelName }) => modelName !== "*" && !known.includes(modelName));
  // An alias of an alias fails where the last of them is written.
  const direct = aliases.filter(({ modelName }) => aliases.every(({ alias }) => alias !== modelName));
  const used = [
    ...direct.map(({ modelName: name, place }) => ({ name, place })),
    ...sources.map(({ modelName: name, place }) => ({ name, place })),
    ...rules.flatMap(({ targets, place }) =>
      targets.map((name, index) => ({ name, place: [...place, index] })),
    ),
  ];
  return used
    .filter(({ name }) => groupOf(name) === undefined)
    .map(({ name, place }) => unknownName(place, "no model_name is", name, concrete));
}

function referencesOf(rules: readonly LitellmFallbackRule[]): Reference[] {
  return rules
    .filter(({ modelName }) => modelName !== "*")
    .flatMap(({ modelName, targets, place }) =>
      targets.map((to, index) => ({ from: modelName, to, place: [...place, index] })),
    );
}

function checkWindows(rules: readonly LitellmFallbackRule[], groupOf: GroupOf): RouteProblem[] {
  return rules.flatMap(({ modelName, targets, place }) => {
    const from = groupOf(modelName);
    if (from === undefined) return [];
    return targets.flatMap((target, index) => {
      const to = groupOf(target);
      const why = to && whyNeverFits(from, to);
      return why === undefined
        ? []
        : [problemAt([...place, index], `what is too long for ${modelName} can never fit ${target}: ${why}`)];
    });
  });
}
