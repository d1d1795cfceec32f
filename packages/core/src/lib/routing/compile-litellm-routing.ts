import { jsonPath } from "../contract/parse-chat-request.ts";
import { checkLitellmRouting } from "./check-litellm-routing.ts";
import { fallbackChain, fallbackRules } from "./fallback-chain.ts";
import type { FallbackRules } from "./fallback-chain.ts";
import { LitellmGroups } from "./litellm-groups.ts";
import type { LitellmFallbackRule, LitellmRoutingInput } from "./litellm-routing-input.ts";
import type { FallbackTrigger, RouteNode } from "./route-plan.ts";
import type { Compiled } from "./route-problem.ts";

export interface LitellmRoutes {
  /** What can be listed: model names, patterns, and aliases that are not hidden. */
  readonly names: readonly string[];
  /** The tree for a name, an alias, a deployment's id, or what a pattern matches; undefined when not served. */
  readonly routeOf: (name: string) => RouteNode | undefined;
  /** The same without fallbacks to other names: what a target of `routes:` stands for. */
  readonly groupOf: (name: string) => RouteNode | undefined;
}

const defaultMaxFallbacks = 5;

/** LiteLLM's settings as trees. Exact names are compiled at once, what a pattern matches when it is asked for. */
export function compileLitellmRouting(written: LitellmRoutingInput): Compiled<LitellmRoutes> {
  const groups = new LitellmGroups(written);
  const input = withoutAliases(written, groups);
  const problems = checkLitellmRouting(input, (name) => groups.groupOf(name));
  if (problems.length > 0) return { ok: false, problems };
  const rules = rulesOf(input, groups);
  const build = (name: string) => routeNode(groups.resolveAlias(name), groups, rules);
  const exact = new Map(groups.exactNames.map((name) => [name, build(name)]));
  const routes: LitellmRoutes = {
    names: groups.listedNames,
    routeOf: (name) => exact.get(name) ?? build(name),
    groupOf: (name) => groups.groupOf(name),
  };
  return { ok: true, value: routes };
}

/** Rules speak of an alias and of what it stands for alike. */
function withoutAliases(input: LitellmRoutingInput, groups: LitellmGroups): LitellmRoutingInput {
  const resolve = (name: string) => groups.resolveAlias(name);
  const resolveAll = (rules: readonly LitellmFallbackRule[]) =>
    rules.map((rule) => ({
      ...rule,
      modelName: resolve(rule.modelName),
      targets: rule.targets.map(resolve),
    }));
  return {
    ...input,
    fallbacks: resolveAll(input.fallbacks),
    contextWindowFallbacks: resolveAll(input.contextWindowFallbacks),
    contentPolicyFallbacks: resolveAll(input.contentPolicyFallbacks),
    ...(input.defaultFallbacks && {
      defaultFallbacks: { ...input.defaultFallbacks, targets: input.defaultFallbacks.targets.map(resolve) },
    }),
  };
}

interface RulesByKind {
  readonly general: FallbackRules;
  readonly contextWindow: FallbackRules;
  readonly contentPolicy: FallbackRules;
  readonly maxDepth: number;
}

function rulesOf(input: LitellmRoutingInput, groups: LitellmGroups): RulesByKind {
  const { defaultFallbacks } = input;
  const byDefault = defaultFallbacks === undefined ? [] : [{ ...defaultFallbacks, modelName: "*" }];
  const patternOf = (name: string) => groups.patternOf(name);
  return {
    general: fallbackRules([...input.fallbacks, ...byDefault], patternOf),
    contextWindow: fallbackRules(input.contextWindowFallbacks, patternOf),
    contentPolicy: fallbackRules(input.contentPolicyFallbacks, patternOf),
    maxDepth: input.maxFallbacks ?? defaultMaxFallbacks,
  };
}

/**
 * A name with all its fallbacks. Those for one kind of error stand nearest to the model they are for, so that they are
 * asked first; what fails there goes on to the general ones.
 */
function routeNode(name: string, groups: LitellmGroups, rules: RulesByKind): RouteNode | undefined {
  const { general, contextWindow, contentPolicy, maxDepth } = rules;
  const groupOf = (member: string) => groups.groupOf(member);
  const followers = (head: string, ruleFor: FallbackRules) => fallbackChain(head, ruleFor, maxDepth).slice(1);
  const withTyped = (member: string): RouteNode | undefined => {
    const larger = followers(member, contextWindow).map(groupOf);
    const others = followers(member, contentPolicy).map(groupOf);
    const fitting = inOrder([groupOf(member), ...larger], tooLong, contextWindow(member));
    return inOrder([fitting, ...others], filtered, contentPolicy(member));
  };
  const children = [name, ...followers(name, general)].map(withTyped);
  return inOrder(children, { kind: "table" }, general(name));
}

const tooLong: FallbackTrigger = { kind: "codes", codes: ["context_length_exceeded"] };
const filtered: FallbackTrigger = { kind: "codes", codes: ["content_filtered"] };

function inOrder(
  [first, ...others]: readonly (RouteNode | undefined)[],
  on: FallbackTrigger,
  rule: LitellmFallbackRule | undefined,
): RouteNode | undefined {
  const there = others.filter((node) => node !== undefined);
  if (first === undefined || rule === undefined || there.length === 0) return first;
  return { kind: "fallback", path: jsonPath(rule.place), children: [first, ...there], on };
}
