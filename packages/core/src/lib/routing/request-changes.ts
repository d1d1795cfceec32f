import type { ParameterPath } from "./parse-parameter-path.ts";

/** What a route makes of a request's parameters, in this order: defaults, overrides, drops. */
export interface RequestChanges {
  /** Where the request says nothing. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Whatever the request says. */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly drops: readonly DroppedParameter[];
}

export interface DroppedParameter {
  /** As it was written: `tools[*].function.strict`. */
  readonly text: string;
  readonly path: ParameterPath;
}

export const noChanges: RequestChanges = { defaults: {}, overrides: {}, drops: [] };

/** A parent's changes and its child's: key by key the child wins, and both drop. */
export function mergeChanges(parent: RequestChanges, child: RequestChanges): RequestChanges {
  const own = child.drops.filter(({ text }) => parent.drops.every((drop) => drop.text !== text));
  return {
    defaults: { ...parent.defaults, ...child.defaults },
    overrides: { ...parent.overrides, ...child.overrides },
    drops: [...parent.drops, ...own],
  };
}

export function changesNothing({ defaults, overrides, drops }: RequestChanges): boolean {
  return Object.keys(defaults).length + Object.keys(overrides).length + drops.length === 0;
}
