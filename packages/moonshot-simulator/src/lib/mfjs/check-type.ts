import { keywordsOfType } from "./keyword-table.ts";
import { problemAt, type MfjsRule, type SchemaNode } from "./schema-node.ts";

/** `type` may not stand beside `anyOf` or `$ref`: it belongs inside them. */
export const checkTypePlace: MfjsRule = ({ schema, path }) => {
  if (!("type" in schema)) return undefined;
  if ("anyOf" in schema) {
    return problemAt(
      path,
      "when using anyOf, type should be defined in anyOf items instead of the parent schema",
    );
  }
  if ("$ref" in schema) {
    return problemAt(
      path,
      "when using $ref, type should be defined in the referenced schema instead of the parent schema",
    );
  }
  return undefined;
};

/** `type` names one of the seven types or lists some of them. */
export const checkTypeValue: MfjsRule = ({ schema, path }) => {
  if (!("type" in schema)) return undefined;
  const { type } = schema;
  if (typeof type === "string") {
    return keywordsOfType.has(type) ? undefined : problemAt(path, `invalid type: ${type}`);
  }
  if (!Array.isArray(type)) return problemAt(path, "type must be string or array of strings");
  if (type.length === 0) return problemAt(path, "type array cannot be empty");
  return type.every((name) => keywordsOfType.has(name))
    ? undefined
    : problemAt(path, "invalid type in type array");
};

/** Nothing is untyped, except `{}` as the whole schema or under `additionalProperties`. */
export const checkTypeDefined: MfjsRule = (node) => {
  const { schema, path } = node;
  if ("type" in schema || "anyOf" in schema || "$ref" in schema) return undefined;
  return mayBeAnything(node) ? undefined : problemAt(path, "type is not defined");
};

function mayBeAnything({ schema, path }: SchemaNode): boolean {
  const place = path.at(-1);
  const isPropertyName = path.at(-2) === "properties";
  return (
    Object.keys(schema).length === 0 &&
    (path.length === 0 || (place === "additionalProperties" && !isPropertyName))
  );
}
