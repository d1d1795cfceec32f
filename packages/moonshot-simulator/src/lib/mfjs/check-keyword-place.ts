import {
  annotationKeywords,
  keywordsOfType,
  reservedPropertyNames,
  rootKeywords,
  supportedKeywords,
} from "./keyword-table.ts";
import {
  isSchemaObject,
  problemAt,
  typesOf,
  type MfjsProblem,
  type MfjsRule,
  type SchemaNode,
} from "./schema-node.ts";

/** Only keywords of the dialect. */
export const checkSupportedKeywords: MfjsRule = ({ schema, path }) => {
  const unsupported = Object.keys(schema).filter((keyword) => !supportedKeywords.has(keyword));
  return unsupported.length === 0
    ? undefined
    : problemAt(path, `unsupported keywords: ${unsupported.join(", ")}`);
};

/** Beside `anyOf` and `$ref` only annotations, at the root also `$defs` and `$id`. */
export const checkSiblings: MfjsRule = (node) => {
  const { schema, path } = node;
  const owner = "$ref" in schema ? "$ref" : "anyOf";
  if (!(owner in schema)) return undefined;
  const intruder = Object.keys(schema).find((keyword) => keyword !== owner && !isAnnotation(node, keyword));
  return intruder === undefined
    ? undefined
    : problemAt(path, `keyword ${intruder} is not allowed at the same level as ${owner}`);
};

/** A node of several types takes annotations only; a scalar that may be null also takes an enum. */
export const checkSeveralTypes: MfjsRule = (node) => {
  const types = typesOf(node.schema);
  if (types.length < 2) return undefined;
  return "enum" in node.schema ? enumOfSeveralTypes(node, types) : keywordsOfSeveralTypes(node);
};

function enumOfSeveralTypes(node: SchemaNode, types: readonly unknown[]): MfjsProblem | undefined {
  const structured = types.find((type) => type === "object" || type === "array");
  if (structured !== undefined || types.length > 2 || !types.includes("null")) {
    const named = typeof structured === "string" ? structured : types.join(", ");
    return problemAt(node.path, `type ${named} is not allowed in combination with enum`);
  }
  return invalidKeywords(node, types);
}

function keywordsOfSeveralTypes(node: SchemaNode): MfjsProblem | undefined {
  const intruder = Object.keys(node.schema).find(
    (keyword) => keyword !== "type" && !isAnnotation(node, keyword),
  );
  return intruder === undefined
    ? undefined
    : problemAt(node.path, `keyword ${intruder} is not allowed in combination with multiple types`);
}

/** `$id` and `$defs` stand at the root, every other keyword beside a type that knows it. */
export const checkKeywordsOfType: MfjsRule = (node) => {
  const misplaced =
    node.path.length > 0 && Object.keys(node.schema).find((keyword) => rootKeywords.has(keyword));
  if (misplaced) return problemAt(node.path, `keyword ${misplaced} must be at root level`);
  const types = typesOf(node.schema);
  return types.length === 1 ? invalidKeywords(node, types) : undefined;
};

function invalidKeywords(node: SchemaNode, types: readonly unknown[]): MfjsProblem | undefined {
  const invalid = Object.keys(node.schema).filter(
    (keyword) =>
      !isRootKeyword(node, keyword) && !types.some((type) => keywordsOfType.get(type)?.has(keyword)),
  );
  return invalid.length === 0 ? undefined : problemAt(node.path, `invalid keywords: ${invalid.join(", ")}`);
}

/** Properties must not be named like the keywords the provider searches for. */
export const checkReservedNames: MfjsRule = ({ schema, path }) => {
  if (!isSchemaObject(schema["properties"])) return undefined;
  const reserved = Object.keys(schema["properties"]).find((name) => reservedPropertyNames.has(name));
  return reserved === undefined
    ? undefined
    : problemAt([...path, "properties"], `property name '${reserved}' is reserved for JSON Schema`);
};

/**
 * The endpoint reads a property called `$ref` as a reference.
 *
 * Observed on a hosted MCP server's tools (August 2026).
 */
export const checkPropertyNamedRef: MfjsRule = ({ schema, path }) =>
  isSchemaObject(schema["properties"]) && "$ref" in schema["properties"]
    ? problemAt([...path, "properties", "$ref"], "$ref must be a string")
    : undefined;

function isAnnotation(node: SchemaNode, keyword: string): boolean {
  return annotationKeywords.has(keyword) || isRootKeyword(node, keyword);
}

function isRootKeyword(node: SchemaNode, keyword: string): boolean {
  return node.path.length === 0 && rootKeywords.has(keyword);
}
