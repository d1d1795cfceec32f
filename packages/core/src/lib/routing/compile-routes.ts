import { jsonPath } from "../contract/parse-chat-request.ts";
import { bindTargets } from "./bind-targets.ts";
import { isRecord } from "./check-keys.ts";
import { compileNode } from "./compile-strategy.ts";
import type { Compilation, IgnoredKey, LeafInput, Spelling } from "./compile-strategy.ts";
import { findLoops } from "./find-loops.ts";
import type { Reference } from "./find-loops.ts";
import { inherit, noSettings } from "./leaf-settings.ts";
import type { UnboundLeaf, UnboundTree } from "./leaf-settings.ts";
import { sharedNodeKeys } from "./portkey-config-schema.ts";
import type { ConfigNode } from "./portkey-config-schema.ts";
import { leavesOf, mapLeaves } from "./route-leaves.ts";
import type { RouteNode } from "./route-plan.ts";
import type { Compiled, Place } from "./route-problem.ts";
import { compiled, problemAt, unknownName } from "./route-problem.ts";

export interface RoutesOptions {
  /** Where the section stands; `["routes"]` when left out. */
  readonly place?: Place;
  /** Names of models and ids of deployments, for suggestions. */
  readonly targetNames: Iterable<string>;
  /** What such a name stands for: a deployment or a whole group. */
  readonly resolveTarget: (name: string) => RouteNode | undefined;
}

export interface CompiledRoutes {
  /** By the name clients ask for. */
  readonly routes: ReadonlyMap<string, RouteNode>;
  readonly ignored: readonly IgnoredKey[];
}

type NamedTree = UnboundTree<string>;

/**
 * The `routes:` section: the tree of a Portkey config under a public name, whose targets name models or other routes.
 * A target may be a mere name.
 */
export function compileRoutes(value: unknown, options: RoutesOptions): Compiled<CompiledRoutes> {
  const compilation: Compilation = { problems: [], ignored: [] };
  const { problems, ignored } = compilation;
  const place = options.place ?? ["routes"];
  const trees = new Map<string, NamedTree>();
  if (!isRecord(value)) {
    return compiled<CompiledRoutes>(undefined, [problemAt(place, "expected a map of names to routes")]);
  }
  const names = [...options.targetNames];
  for (const [name, route] of Object.entries(value)) {
    const where = [...place, name];
    if (names.includes(name))
      problems.push(problemAt(where, "is already the name of a model or a deployment"));
    const tree = compileNode(route, {
      ...compilation,
      spelling,
      place: where,
      settings: noSettings,
      lineage: [],
    });
    if (tree !== undefined) trees.set(name, tree);
  }
  problems.push(...findLoops(referencesBetween(trees)));
  if (problems.length > 0) return { ok: false, problems };
  const routes = new Map<string, RouteNode>();
  for (const [name, tree] of trees) {
    const bound = bindTargets(expand(tree, trees), (target) => {
      const node = options.resolveTarget(target);
      return node === undefined ? { message: missing(target), key: "target" } : { node };
    });
    if (bound.ok) routes.set(name, bound.value);
  }
  problems.push(...missingTargets(trees, options, names));
  return compiled({ routes, ignored }, problems);
}

const spelling: Spelling<string> = {
  keys: [...sharedNodeKeys, "target"],
  ignores: () => undefined,
  expand: (value) => (typeof value === "string" ? { target: value } : value),
  readLeaf,
  check: checkNode,
};

function checkNode(node: ConfigNode, place: Place, { problems }: Compilation): void {
  if (node.target !== undefined && node.targets !== undefined) {
    problems.push(problemAt([...place, "target"], "cannot stand beside targets"));
  }
  if (node.override_params?.["model"] !== undefined) {
    problems.push(problemAt([...place, "override_params", "model"], "the target says which model it is"));
  }
}

function readLeaf({ node, place, settings }: LeafInput, { problems }: Compilation): NamedTree | undefined {
  if (node.target === undefined) {
    problems.push(
      problemAt([...place, "target"], "missing, expected the name of a model or of another route"),
    );
    return undefined;
  }
  return { kind: "unbound", path: jsonPath(place), place, target: node.target, settings };
}

function referencesBetween(trees: ReadonlyMap<string, NamedTree>): Reference[] {
  return [...trees].flatMap(([from, tree]) =>
    leavesOf<UnboundLeaf<string>>(tree)
      .filter(({ target }) => trees.has(target))
      .map(({ target, place }) => ({ from, to: target, place })),
  );
}

/** Puts the tree of another route where its name stands. There are no loops here any more. */
function expand(tree: NamedTree, trees: ReadonlyMap<string, NamedTree>): NamedTree {
  return mapLeaves<UnboundLeaf<string>, UnboundLeaf<string>>(tree, (outer) => {
    const route = trees.get(outer.target);
    if (route === undefined) return outer;
    return mapLeaves<UnboundLeaf<string>, UnboundLeaf<string>>(expand(route, trees), (inner) => ({
      ...inner,
      settings: inherit(outer.settings, inner.settings),
    }));
  });
}

/** Found where they are written, once, however many routes lead there. */
function missingTargets(
  trees: ReadonlyMap<string, NamedTree>,
  { resolveTarget }: RoutesOptions,
  names: readonly string[],
) {
  return [...trees.values()]
    .flatMap((tree) => leavesOf<UnboundLeaf<string>>(tree))
    .filter(({ target }) => !trees.has(target) && resolveTarget(target) === undefined)
    .map(({ target, place }) =>
      unknownName(place, "no model or route is called", target, [...names, ...trees.keys()]),
    );
}

function missing(target: string): string {
  return `no model or route is called ${JSON.stringify(target)}`;
}
