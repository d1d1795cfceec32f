import { limitsOf } from "./mfjs-level.ts";
import { problemAt, typesOf, type MfjsRule } from "./schema-node.ts";

export const checkEnum: MfjsRule = ({ schema, path, level }) => {
  if (!("enum" in schema)) return undefined;
  const values = schema["enum"];
  const at = [...path, "enum"];
  if (!Array.isArray(values)) return problemAt(at, "enum must be an array");
  if (values.length === 0) return problemAt(at, "enum array cannot be empty");
  const limits = limitsOf[level];
  if (values.length > limits.enumItems) {
    return problemAt(at, `enum array cannot have more than ${limits.enumItems} items`);
  }
  const textLength = values.reduce((sum: number, value) => sum + String(value).length, 0);
  return values.length > limits.enumTextFrom && textLength > limits.enumTextLength
    ? problemAt(at, `total length of enum strings exceeds ${limits.enumTextLength} characters`)
    : undefined;
};

/** Every value of an enum has one of the node's types. */
export const checkEnumTypes: MfjsRule = ({ schema, path }) => {
  const types = typesOf(schema);
  if (types.length === 0 || !Array.isArray(schema["enum"])) return undefined;
  const stranger: unknown = schema["enum"].find((value) => !types.some((type) => hasType(value, type)));
  if (stranger === undefined) return undefined;
  const only = types.length === 1 ? types[0] : undefined;
  const complaint =
    only === "number" || only === "integer"
      ? `enum value is not a valid ${only}`
      : `enum value does not match any type in [${types.join(", ")}]`;
  return problemAt([...path, "enum"], complaint);
};

function hasType(value: unknown, type: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}
