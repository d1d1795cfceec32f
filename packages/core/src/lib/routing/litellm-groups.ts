import { deploymentNode, groupNode } from "./litellm-group-node.ts";
import type { LitellmDeployment, LitellmRoutingInput } from "./litellm-routing-input.ts";
import type { RouteNode } from "./route-plan.ts";

/** What the names in LiteLLM's settings stand for: groups of deployments, without any fallback. */
export class LitellmGroups {
  /** Names that can be asked for as they are: no patterns. */
  readonly exactNames: readonly string[];
  /** Names to show: patterns, and aliases that are not hidden, among them. */
  readonly listedNames: readonly string[];
  readonly #input: LitellmRoutingInput;
  readonly #byName: ReadonlyMap<string, readonly LitellmDeployment[]>;
  readonly #byId: ReadonlyMap<string, LitellmDeployment>;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #nodes = new Map<string, RouteNode | undefined>();

  constructor(input: LitellmRoutingInput) {
    this.#input = input;
    this.#byName = Map.groupBy(input.deployments, ({ modelName }) => modelName);
    this.#byId = new Map(input.deployments.map((entry) => [entry.deployment.id, entry]));
    this.#aliases = new Map(input.aliases.map(({ alias, modelName }) => [alias, modelName]));
    const names = [...this.#byName.keys()];
    this.exactNames = [...names.filter((name) => !isPattern(name)), ...this.#aliases.keys()];
    const visible = input.aliases.filter(({ hidden }) => !hidden).map(({ alias }) => alias);
    this.listedNames = [...new Set([...names, ...visible])];
  }

  /** Follows aliases; stops where they go in a circle, which is reported elsewhere. */
  resolveAlias(name: string): string {
    const seen = new Set([name]);
    let current = name;
    for (;;) {
      const next = this.#aliases.get(current);
      if (next === undefined || seen.has(next)) return current;
      seen.add(next);
      current = next;
    }
  }

  /** The pattern that serves a name; undefined for names that are written out, and for unknown ones. */
  patternOf(name: string): string | undefined {
    return this.#byName.has(name) || this.#byId.has(name) ? undefined : this.#matching(name)[0]?.modelName;
  }

  groupOf(alias: string): RouteNode | undefined {
    const name = this.resolveAlias(alias);
    if (this.#nodes.has(name)) return this.#nodes.get(name);
    const node = this.#build(name);
    // Names that only a pattern matches come from clients: keeping them would have no end.
    if (this.#byName.has(name) || this.#byId.has(name)) this.#nodes.set(name, node);
    return node;
  }

  #build(name: string): RouteNode | undefined {
    // A pattern is a name to list, not a model to ask for.
    if (isPattern(name)) return undefined;
    const entries = this.#byName.get(name);
    if (entries !== undefined) return groupNode(name, entries, this.#input);
    const single = this.#byId.get(name);
    if (single !== undefined) return deploymentNode(single, this.#input);
    return groupNode(name, this.#matching(name), this.#input);
  }

  #matching(name: string): readonly LitellmDeployment[] {
    return this.#input.matchPattern?.(name) ?? [];
  }
}

function isPattern(name: string): boolean {
  return name.includes("*");
}
