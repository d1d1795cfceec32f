import type { LitellmFallbackRule } from "./litellm-routing-input.ts";

/** The rule for a name, among the rules of one kind. */
export type FallbackRules = (name: string) => LitellmFallbackRule | undefined;

/**
 * A name's own rule, else the rule for the pattern it matches, else the one for "*". Several rules for one name are one
 * after another.
 */
export function fallbackRules(
  rules: readonly LitellmFallbackRule[],
  patternOf: (name: string) => string | undefined,
): FallbackRules {
  const byName = new Map<string, LitellmFallbackRule>();
  for (const rule of rules) {
    const earlier = byName.get(rule.modelName);
    const targets = [...(earlier?.targets ?? []), ...rule.targets];
    byName.set(rule.modelName, { ...(earlier ?? rule), targets });
  }
  return (name) => byName.get(name) ?? byName.get(patternOf(name) ?? name) ?? byName.get("*");
}

/**
 * Where a request for `name` goes, one after another, itself first. The fallbacks of a fallback come right after it, as
 * long as no more than `maxDepth` follow from one another; no name comes twice.
 */
export function fallbackChain(name: string, ruleFor: FallbackRules, maxDepth: number): readonly string[] {
  const chain: string[] = [];
  const visit = (current: string, depth: number): void => {
    if (chain.includes(current)) return;
    chain.push(current);
    if (depth === maxDepth) return;
    for (const target of ruleFor(current)?.targets ?? []) visit(target, depth + 1);
  };
  visit(name, 0);
  return chain;
}
