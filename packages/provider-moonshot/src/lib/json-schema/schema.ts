import { isDeepStrictEqual } from "node:util";

/** A JSON object standing where a schema is expected. */
export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const sameJson: (left: unknown, right: unknown) => boolean = isDeepStrictEqual;

export function without(schema: Schema, ...keywords: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}

/** A schema no restriction narrows, said in types because an untyped schema is refused. */
export const anything: Schema = { type: ["string", "number", "boolean", "object", "array", "null"] };

/** A schema nothing satisfies. */
export const nothing: Schema = { type: "null", not: { type: "null" } };
