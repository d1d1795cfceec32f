import { isSchemaObject, problemAt, type MfjsRule } from "./schema-node.ts";

export const checkProperties: MfjsRule = ({ schema, path, level }) => {
  if (!("properties" in schema)) return undefined;
  const { properties } = schema;
  const at = [...path, "properties"];
  if (!isSchemaObject(properties)) return problemAt(at, "properties must be an object");
  // The endpoint takes an empty name for a name like any other.
  return level === "cases" && "" in properties ? problemAt(at, "property name cannot be empty") : undefined;
};

export const checkRequired: MfjsRule = ({ schema, path }) => {
  if (!("required" in schema)) return undefined;
  const { required, properties } = schema;
  const at = [...path, "required"];
  if (!Array.isArray(required)) return problemAt(at, "required must be an array");
  if (!required.every((name) => typeof name === "string")) {
    return problemAt(at, "items in required array must be strings");
  }
  if (required.length === 0) return undefined;
  if (!isSchemaObject(properties)) {
    return problemAt(at, "required properties are declared but the 'properties' keyword is missing");
  }
  const undefinedName = required.find((name) => !Object.hasOwn(properties, name));
  if (undefinedName === "") return problemAt(at, "property names in required array cannot be empty");
  return undefinedName === undefined
    ? undefined
    : problemAt(at, `required property '${undefinedName}' is not defined in properties`);
};

export const checkAdditionalProperties: MfjsRule = ({ schema, path }) => {
  if (!("additionalProperties" in schema)) return undefined;
  const value = schema["additionalProperties"];
  return typeof value === "boolean" || isSchemaObject(value)
    ? undefined
    : problemAt([...path, "additionalProperties"], "additionalProperties must be a boolean or an object");
};
