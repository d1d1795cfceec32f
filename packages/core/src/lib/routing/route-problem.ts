import { jsonPath } from "../contract/parse-chat-request.ts";
import { nearestNames } from "./nearest-names.ts";

/** Map keys and list indices from the root of what was written: `["config", "targets", 1, "weight"]`. */
export type Place = readonly (string | number)[];

/** One mistake in a routing configuration, in words for whoever wrote it. */
export interface RouteProblem {
  /** For finding the line in a file. */
  readonly place: Place;
  /** The same for readers: `config.targets[1].weight`. */
  readonly path: string;
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** Nothing is half-applied: one problem, and there is no value. */
export type Compiled<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly RouteProblem[] };

export function problemAt(place: Place, message: string, suggestion?: string): RouteProblem {
  const problem = { place, path: jsonPath(place), message };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

/** A name that is not among the known ones, with the one most likely meant. */
export function unknownName(place: Place, what: string, name: string, known: Iterable<string>): RouteProblem {
  return problemAt(place, `${what} ${JSON.stringify(name)}`, nearestNames(name, known)[0]);
}

/** `value` is what came out despite the problems; it is given away only when there are none. */
export function compiled<Value>(
  value: Value | undefined,
  problems: readonly RouteProblem[],
): Compiled<Value> {
  if (problems.length > 0) return { ok: false, problems };
  if (value === undefined) throw new TypeError("A compilation without problems has a value.");
  return { ok: true, value };
}
