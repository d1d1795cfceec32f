import { isSchema, type Schema } from "./schema.ts";

/** Where schemas stand inside a schema, by the shape of the keyword's value. */
interface Places {
  readonly maps: readonly string[];
  readonly lists: readonly string[];
  readonly singles: readonly string[];
}

/** The places Moonshot's validator looks at. What other keywords hold it takes unread, so it stays as it is. */
export const placesRead: Places = {
  maps: ["properties", "$defs"],
  lists: ["anyOf"],
  singles: ["items", "additionalProperties"],
};

/** Every place of drafts 4 to 2020-12 where a reference may hide. */
export const placesOfAnyDraft: Places = {
  maps: [...placesRead.maps, "patternProperties", "dependentSchemas"],
  lists: [...placesRead.lists, "allOf", "oneOf", "prefixItems", "items"],
  singles: [
    ...placesRead.singles,
    "additionalItems",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
  ],
};

/** Replaces the schemas inside a schema; returns the very same object when every replacement is the original. */
export function mapPlaces(
  schema: Schema,
  places: Places,
  path: string,
  replace: (child: unknown, path: string) => unknown,
): Schema {
  const changed: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const replaced = mapKeyword(keyword, value, places, `${path}.${keyword}`, replace);
    if (replaced !== value) changed.push([keyword, replaced]);
  }
  return changed.length === 0 ? schema : { ...schema, ...Object.fromEntries(changed) };
}

function mapKeyword(
  keyword: string,
  value: unknown,
  { maps, lists, singles }: Places,
  path: string,
  replace: (child: unknown, path: string) => unknown,
): unknown {
  if (maps.includes(keyword) && isSchema(value)) {
    const entries = Object.entries(value);
    const mapped = entries.map(([name, child]) => [name, replace(child, `${path}.${name}`)] as const);
    const unchanged = mapped.every(([, child], index) => child === entries[index]?.[1]);
    return unchanged ? value : Object.fromEntries(mapped);
  }
  if (lists.includes(keyword) && Array.isArray(value)) {
    const mapped = value.map((child, index) => replace(child, `${path}[${index}]`));
    return mapped.every((child, index) => child === value[index]) ? value : mapped;
  }
  return singles.includes(keyword) && isSchema(value) ? replace(value, path) : value;
}
