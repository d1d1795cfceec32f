import { isSchemaObject, problemAt, type MfjsProblem, type SchemaNode } from "./schema-node.ts";

/** A place where a schema belongs; `whenNotObject` is the complaint if something else stands there. */
export interface SchemaPlace {
  readonly value: unknown;
  readonly path: readonly string[];
  readonly whenNotObject: MfjsProblem;
}

/** The direct children of a node that the provider reads; anything under other keywords it never looks at. */
export function* subSchemas({ schema, path }: SchemaNode): Generator<SchemaPlace> {
  // Definitions come first and in name order, as the published cases expect when several are wrong.
  yield* namedSchemas(schema["$defs"], [...path, "$defs"], () => "$defs schema must be object");
  yield* namedSchemas(
    schema["properties"],
    [...path, "properties"],
    (name) => `property schema for '${name}' must be an object`,
  );
  if ("items" in schema) yield place(schema["items"], [...path, "items"], "items must be an object");
  if (isSchemaObject(schema["additionalProperties"])) {
    yield place(schema["additionalProperties"], [...path, "additionalProperties"], "");
  }
  if (Array.isArray(schema["anyOf"])) {
    for (const branch of schema["anyOf"]) {
      yield place(branch, [...path, "anyOf"], "schema in anyOf must be an object");
    }
  }
}

function* namedSchemas(
  map: unknown,
  path: readonly string[],
  complaint: (name: string) => string,
): Generator<SchemaPlace> {
  if (!isSchemaObject(map)) return;
  for (const name of Object.keys(map).sort()) {
    yield {
      value: map[name],
      path: [...path, name],
      whenNotObject: problemAt(path, complaint(name)),
    };
  }
}

function place(value: unknown, path: readonly string[], complaint: string): SchemaPlace {
  return { value, path, whenNotObject: problemAt(path, complaint) };
}
