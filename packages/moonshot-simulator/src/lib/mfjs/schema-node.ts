import type { MfjsLevel } from "./mfjs-level.ts";

/** A JSON object standing where a schema is expected. */
export type SchemaObject = { readonly [keyword: string]: unknown };

/** What is wrong and where; `path` is dotted from the root, which itself is called "root". */
export interface MfjsProblem {
  readonly path: string;
  readonly message: string;
}

/** One schema inside a document, as a rule sees it. */
export interface SchemaNode {
  readonly schema: SchemaObject;
  readonly path: readonly string[];
  readonly root: SchemaObject;
  readonly level: MfjsLevel;
}

/** A rule looks at one node, never at its children. */
export type MfjsRule = (node: SchemaNode) => MfjsProblem | undefined;

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function problemAt(path: readonly string[], message: string): MfjsProblem {
  return { path: path.length === 0 ? "root" : path.join("."), message };
}

/** The types a node names, known or not, in the order written. */
export function typesOf(schema: SchemaObject): readonly unknown[] {
  const { type } = schema;
  if (type === undefined) return [];
  return Array.isArray(type) ? type : [type];
}
