import { resolveReference } from "./resolve-reference.ts";
import { isSchemaObject, problemAt, type MfjsRule, type SchemaObject } from "./schema-node.ts";

/** A reference is "#" or points into the root's `$defs`, at a schema that exists. */
export const checkReference: MfjsRule = ({ schema, path, root }) => {
  if (!("$ref" in schema)) return undefined;
  const at = [...path, "$ref"];
  const reference = schema["$ref"];
  if (typeof reference !== "string") return problemAt(at, "$ref must be a string");
  if (reference === "#") return undefined;
  if (!reference.startsWith("#/$defs/")) return problemAt(at, "references must start with #/$defs/");
  if (reference === "#/$defs/") return problemAt(at, "definition name cannot be empty");
  if (!("$defs" in root)) return problemAt(at, `$defs not found for reference: ${reference}`);
  return resolveReference(root, reference) === undefined
    ? problemAt([], `invalid $ref path: ${reference}`)
    : undefined;
};

/** Beside a reference stands nothing that its target says too. */
export const checkReferenceConflicts: MfjsRule = ({ schema, path, root }) => {
  if (typeof schema["$ref"] !== "string") return undefined;
  const target = endOfChain(root, schema["$ref"]);
  if (target === undefined || target === schema) return undefined;
  const conflicts = Object.keys(schema)
    .filter((keyword) => keyword !== "$ref" && Object.hasOwn(target, keyword))
    .sort();
  return conflicts.length === 0
    ? undefined
    : problemAt(path, `conflicting keywords found after $ref expansion: ${conflicts.join(", ")}`);
};

function endOfChain(root: SchemaObject, first: string): SchemaObject | undefined {
  const seen = new Set<string>();
  let reference: unknown = first;
  let target: SchemaObject | undefined;
  while (typeof reference === "string" && !seen.has(reference)) {
    seen.add(reference);
    target = resolveReference(root, reference);
    reference = target?.["$ref"];
  }
  return target;
}

/** `$defs` is a map of named schemas. */
export const checkDefinitions: MfjsRule = ({ schema, path }) => {
  if (!("$defs" in schema)) return undefined;
  const definitions = schema["$defs"];
  const at = [...path, "$defs"];
  if (!isSchemaObject(definitions)) return problemAt(at, "$defs must be an object");
  if ("" in definitions) return problemAt(at, "$defs property name cannot be empty");
  const slashed = Object.keys(definitions).find((name) => name.includes("/"));
  return slashed === undefined
    ? undefined
    : problemAt(at, `$defs property name '${slashed}' cannot contain '/' character`);
};

/** Inside a definition, a slash in a property name would break the references that pass through it. */
export const checkNamesInDefinitions: MfjsRule = ({ schema, path }) => {
  if (path[0] !== "$defs" || !isSchemaObject(schema["properties"])) return undefined;
  const slashed = Object.keys(schema["properties"]).find((name) => name.includes("/"));
  return slashed === undefined
    ? undefined
    : problemAt([...path, "properties"], `property name '${slashed}' in $defs cannot contain '/' character`);
};
