import { balancingStrategies, balancingStrategy } from "./balancing-strategies.ts";
import { checkKeys, isRecord } from "./check-keys.ts";
import { checkWeights } from "./check-weights.ts";
import { parseCondition } from "./conditions/parse-condition.ts";
import { parseFactPath } from "./conditions/parse-fact-path.ts";
import { inherit } from "./leaf-settings.ts";
import type { LeafSettings, UnboundTree } from "./leaf-settings.ts";
import {
  conditionSchema,
  nodeSchema,
  schemaProblems,
  stickySchema,
  strategySchema,
} from "./portkey-config-schema.ts";
import type { ConfigNode, ConfigStrategy } from "./portkey-config-schema.ts";
import { readLeafSettings } from "./read-leaf-settings.ts";
import type { FallbackTrigger, LoadbalanceStrategy } from "./route-plan.ts";
import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt, unknownName } from "./route-problem.ts";
import { jsonPath } from "../contract/parse-chat-request.ts";

/** A key that is known, but that nothing here acts on. */
export interface IgnoredKey {
  readonly path: string;
  readonly reason: string;
}

/** What one spelling of the tree has of its own: how it names a target. */
export interface Spelling<Target> {
  /** Keys a node may have. */
  readonly keys: readonly string[];
  /** Why a key has no effect; undefined for keys that have, and for unknown ones. */
  ignores(key: string): string | undefined;
  /** The node a target may be written as in short: a mere name. */
  expand(value: unknown): unknown;
  /** The target of a node without targets, or a whole tree it stands for; undefined after a problem. */
  readLeaf(leaf: LeafInput, compilation: Compilation): UnboundTree<Target> | undefined;
  /** Checks what inner nodes and leaves alike may say. */
  check?(node: ConfigNode, place: Place, compilation: Compilation): void;
}

export interface LeafInput {
  readonly node: ConfigNode;
  readonly place: Place;
  /** Its own and inherited. */
  readonly settings: LeafSettings;
  /** The nodes above it and itself, outermost first. */
  readonly lineage: readonly ConfigNode[];
}

export interface Compilation {
  readonly problems: RouteProblem[];
  readonly ignored: IgnoredKey[];
}

interface Position<Target> extends Compilation {
  readonly spelling: Spelling<Target>;
  readonly place: Place;
  readonly settings: LeafSettings;
  readonly lineage: readonly ConfigNode[];
}

/** A node and all below it as a tree; undefined only when there are problems. */
export function compileNode<Target>(
  value: unknown,
  position: Position<Target>,
): UnboundTree<Target> | undefined {
  const { spelling, place, problems } = position;
  const expanded = withoutIgnored(spelling.expand(value), position);
  problems.push(...checkKeys(expanded, place, spelling.keys));
  const parsed = nodeSchema.safeParse(expanded);
  if (!parsed.success) {
    problems.push(...schemaProblems(parsed.error.issues, expanded, place));
    return undefined;
  }
  const node = parsed.data;
  spelling.check?.(node, place, position);
  const settings = inherit(position.settings, readLeafSettings(node, place, problems));
  const inner = { ...position, settings, lineage: [...position.lineage, node] };
  if (node.targets !== undefined) return compileTargets(node, node.targets, inner);
  if (node.strategy !== undefined) {
    problems.push(problemAt([...place, "strategy"], "has no targets to choose from"));
    return undefined;
  }
  return spelling.readLeaf({ node, place, settings, lineage: inner.lineage }, position);
}

function withoutIgnored<Target>(value: unknown, { spelling, place, ignored }: Position<Target>): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => {
    const reason = spelling.ignores(key);
    if (reason !== undefined) ignored.push({ path: jsonPath([...place, key]), reason });
    return reason === undefined;
  });
  return Object.fromEntries(kept);
}

function compileTargets<Target>(
  node: ConfigNode,
  targets: readonly unknown[],
  position: Position<Target>,
): UnboundTree<Target> | undefined {
  const { place, problems } = position;
  const strategy = node.strategy ?? {};
  checkStrategy(strategy, targets.length, position);
  const children = targets.map((target, index) =>
    compileNode(target, { ...position, place: [...place, "targets", index] }),
  );
  // Built even where a child is missing, for the problems it may find; compiled() gives nothing away then.
  const there = children.filter((child) => child !== undefined);
  const path = jsonPath(place);
  if (strategy.mode === "fallback") {
    return { kind: "fallback", path, children: there, on: readTrigger(strategy) };
  }
  if (strategy.mode === "loadbalance") {
    const balance = readBalance(strategy, [...place, "strategy"], problems);
    return {
      kind: "loadbalance",
      path,
      children: withWeights(children, targets, position),
      strategy: balance,
    };
  }
  if (strategy.mode === "conditional") return compileConditional(strategy, targets, children, position);
  return children[0];
}

/** Which keys of a strategy mean something in which mode. */
const keysByMode: Readonly<Record<string, readonly string[]>> = {
  on_status_codes: ["fallback"],
  on_error_codes: ["fallback"],
  conditions: ["conditional"],
  default: ["conditional"],
  balance: ["loadbalance"],
  sticky: ["loadbalance"],
};

function checkStrategy<Target>(
  strategy: ConfigStrategy,
  targetCount: number,
  { place, problems, ignored }: Position<Target>,
): void {
  const strategyPlace = [...place, "strategy"];
  problems.push(...checkKeys(strategy, strategyPlace, Object.keys(strategySchema.shape)));
  const mode = strategy.mode ?? "single";
  for (const [key, modes] of Object.entries(keysByMode)) {
    if (strategy[key] === undefined || modes.includes(mode)) continue;
    if (key === "sticky" && strategy.sticky?.enabled !== true) continue;
    problems.push(problemAt([...strategyPlace, key], `means something only in mode ${modes.join(" or ")}`));
  }
  if (strategy.on_status_codes !== undefined && strategy.on_error_codes !== undefined) {
    problems.push(problemAt([...strategyPlace, "on_error_codes"], "cannot stand beside on_status_codes"));
  }
  if (mode === "single" && targetCount > 1) {
    const reason = "Without a strategy, or in mode single, only the first target is used.";
    ignored.push({ path: jsonPath([...place, "targets", 1]), reason });
  }
}

function readTrigger({ on_status_codes: statuses, on_error_codes: codes }: ConfigStrategy): FallbackTrigger {
  if (statuses !== undefined) return { kind: "statuses", statuses };
  return codes === undefined ? { kind: "table" } : { kind: "codes", codes };
}

function withWeights<Target>(
  children: readonly (UnboundTree<Target> | undefined)[],
  targets: readonly unknown[],
  { place, problems }: Position<Target>,
): { readonly node: UnboundTree<Target>; readonly weight: number }[] {
  const weighted = children.map((node, index) => {
    const target = targets[index];
    const written = isRecord(target) ? target["weight"] : undefined;
    const weight = typeof written === "number" ? written : 1;
    return { node, weight, place: [...place, "targets", index, "weight"] };
  });
  problems.push(...checkWeights(weighted, [...place, "targets"]));
  return weighted.flatMap(({ node, weight }) => (node === undefined ? [] : [{ node, weight }]));
}

const defaultStickySeconds = 3_600;

function readBalance(
  { balance, sticky }: ConfigStrategy,
  place: Place,
  problems: RouteProblem[],
): LoadbalanceStrategy {
  problems.push(...checkKeys(sticky, [...place, "sticky"], Object.keys(stickySchema.shape)));
  const fields = (sticky?.hash_fields ?? []).map((field, index) => {
    const fact = parseFactPath(field);
    if ("message" in fact) {
      problems.push(problemAt([...place, "sticky", "hash_fields", index], fact.message, fact.suggestion));
    }
    return field;
  });
  const chosen = balancingStrategy(balance ?? "simple-shuffle");
  if (chosen === undefined && balance !== undefined) {
    const names = Object.keys(balancingStrategies);
    problems.push(unknownName([...place, "balance"], "no way to balance is called", balance, names));
  }
  if (sticky?.enabled !== true) return chosen ?? { kind: "weighted" };
  if (balance !== undefined) {
    problems.push(problemAt([...place, "balance"], "cannot stand beside sticky, which chooses by itself"));
  }
  return { kind: "sticky", fields, ttlMs: (sticky.ttl ?? defaultStickySeconds) * 1_000 };
}

function compileConditional<Target>(
  strategy: ConfigStrategy,
  targets: readonly unknown[],
  children: readonly (UnboundTree<Target> | undefined)[],
  { place, problems }: Position<Target>,
): UnboundTree<Target> {
  const strategyPlace = [...place, "strategy"];
  const named = namedTargets(targets, children, place, problems);
  const find = (name: string, where: Place): UnboundTree<Target> | undefined => {
    if (!named.has(name)) problems.push(unknownName(where, "no target is named", name, named.keys()));
    return named.get(name);
  };
  if (strategy.conditions === undefined) {
    problems.push(problemAt([...strategyPlace, "conditions"], "missing, expected at least one condition"));
  }
  const branches = (strategy.conditions ?? []).flatMap(({ query, then, ...others }, index) => {
    const where = [...strategyPlace, "conditions", index];
    problems.push(...checkKeys(others, where, Object.keys(conditionSchema.shape)));
    const when = parseCondition(query, [...where, "query"]);
    if (!when.ok) problems.push(...when.problems);
    const node = find(then, [...where, "then"]);
    return when.ok && node !== undefined ? [{ when: when.value, node }] : [];
  });
  const otherwise =
    strategy.default === undefined ? undefined : find(strategy.default, [...strategyPlace, "default"]);
  return {
    kind: "conditional",
    path: jsonPath(place),
    branches,
    ...(otherwise !== undefined && { otherwise }),
  };
}

/** In YAML a target without a name goes by what it leads to. One that could not be compiled keeps its name, so that it is not reported as missing too. */
function namedTargets<Target>(
  targets: readonly unknown[],
  children: readonly (UnboundTree<Target> | undefined)[],
  place: Place,
  problems: RouteProblem[],
): Map<string, UnboundTree<Target> | undefined> {
  const named = new Map<string, UnboundTree<Target> | undefined>();
  for (const [index, target] of targets.entries()) {
    const name = isRecord(target) ? (target["name"] ?? target["target"]) : target;
    if (typeof name !== "string") continue;
    if (named.has(name)) {
      const message = `${JSON.stringify(name)} is already the name of another target`;
      problems.push(problemAt([...place, "targets", index, "name"], message));
    }
    named.set(name, children[index]);
  }
  return named;
}
