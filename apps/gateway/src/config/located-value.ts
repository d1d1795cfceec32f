import type { Path, Place } from "./config-problem.ts";

/** A YAML value that remembers where it was written, so that a mistake found late still has a line and a column. */
export type LocatedValue = LocatedScalar | LocatedList | LocatedMap;

interface Located {
  readonly place: Place;
  /** The path in the value's own file; differs from the merged path for list items that came through `include`. */
  readonly path: Path;
}

export interface LocatedScalar extends Located {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The environment variable that the value was taken from. */
  readonly variable?: string;
  /** The variable could not be resolved: already reported, so nothing else is said about this value. */
  readonly unresolved?: true;
}

interface LocatedList extends Located {
  readonly kind: "list";
  readonly items: readonly LocatedValue[];
}

export interface LocatedMap extends Located {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keyPlace: Place;
  readonly value: LocatedValue;
}

/** The value at a path, or nothing when some step of the path is missing. */
export function valueAt(root: LocatedValue, path: Path): LocatedValue | undefined {
  let value: LocatedValue | undefined = root;
  for (const segment of path) value = value && childOf(value, segment);
  return value;
}

function childOf(value: LocatedValue, segment: string | number): LocatedValue | undefined {
  if (value.kind === "map") return value.entries.get(String(segment))?.value;
  return value.kind === "list" ? value.items[Number(segment)] : undefined;
}

/** The place of the key that names the value at `path`; a list item has no key and stands at itself. */
export function keyPlaceAt(root: LocatedValue, path: Path): Place | undefined {
  const parent = valueAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (parent?.kind === "map" && last !== undefined) return parent.entries.get(String(last))?.keyPlace;
  return valueAt(root, path)?.place;
}

/** The bare data, for schemas. Maps become null-prototype objects, so that no key can reach a prototype. */
export function toPlain(value: LocatedValue): unknown {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "list") return value.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of value.entries) plain[key] = toPlain(entry.value);
  return plain;
}

/** Data that no file holds (demo mode, environment only), put at the beginning of a nominal file. */
export function locateMap(record: object, file: string, path: Path = []): LocatedMap {
  const place = { file, line: 1, column: 1 };
  const entries = new Map<string, LocatedEntry>();
  for (const [key, item] of Object.entries(record)) {
    entries.set(key, { keyPlace: place, value: locate(item, file, [...path, key]) });
  }
  return { kind: "map", place, path, entries };
}

function locate(value: unknown, file: string, path: Path): LocatedValue {
  const place = { file, line: 1, column: 1 };
  if (Array.isArray(value)) {
    return {
      kind: "list",
      place,
      path,
      items: value.map((item, index) => locate(item, file, [...path, index])),
    };
  }
  if (typeof value === "object" && value !== null) return locateMap(value, file, path);
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { kind: "scalar", place, path, value: isScalar ? value : null };
}

/** The same tree with every scalar replaced. */
export function mapScalars(
  value: LocatedValue,
  replace: (scalar: LocatedScalar) => LocatedScalar,
): LocatedValue {
  if (value.kind === "scalar") return replace(value);
  if (value.kind === "list") return { ...value, items: value.items.map((item) => mapScalars(item, replace)) };
  const entries = [...value.entries].map(
    ([key, entry]) => [key, { ...entry, value: mapScalars(entry.value, replace) }] as const,
  );
  return { ...value, entries: new Map(entries) };
}
