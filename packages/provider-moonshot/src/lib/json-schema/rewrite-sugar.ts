import { isAnnotation } from "./annotation.ts";
import { jsonTypeOf, typeList } from "./json-type.ts";
import type { LocalStep } from "./rewrite-step.ts";
import { without, type Schema } from "./schema.ts";

/** `const` is an enum of one. */
export const rewriteConst: LocalStep = (schema, { report }) => {
  if (!("const" in schema) || "enum" in schema) return schema;
  report("const became enum", "const became an enum of one value");
  return { ...without(schema, "const"), enum: [schema["const"]] };
};

/** OpenAPI 3.0's `nullable` adds null to the types; false says nothing. */
export const rewriteNullable: LocalStep = (schema, { report }) => {
  if (typeof schema["nullable"] !== "boolean") return schema;
  const rest = without(schema, "nullable");
  if (!schema["nullable"]) {
    report("nullable removed", "nullable: false says nothing and was removed");
    return rest;
  }
  report("nullable became type null", "nullable became the type null");
  return withNull(rest);
};

function withNull(schema: Schema): Schema {
  const types = typeList(schema["type"]);
  if (types.length > 0 && !isComposed(schema)) {
    return types.includes("null") ? schema : { ...schema, type: [...types, "null"] };
  }
  if (Array.isArray(schema["enum"]) && !isComposed(schema)) return withNullValue(schema, schema["enum"]);
  const assertions = Object.keys(schema).filter((keyword) => !isAnnotation(keyword));
  if (assertions.length === 0) return schema;
  const described = without(schema, ...assertions);
  const restricted = without(schema, ...Object.keys(described));
  return { ...described, anyOf: [restricted, { type: "null" }] };
}

// Without a type `nullable` has only the enum to act upon.
function withNullValue(schema: Schema, values: readonly unknown[]): Schema {
  return values.some((value) => jsonTypeOf(value) === "null")
    ? schema
    : { ...schema, enum: [...values, null] };
}

function isComposed(schema: Schema): boolean {
  return ["$ref", "anyOf", "oneOf", "allOf"].some((keyword) => keyword in schema);
}

/** Moonshot knows one union, `anyOf`. */
export const rewriteOneOf: LocalStep = (schema, { report }) => {
  if (!Array.isArray(schema["oneOf"])) return schema;
  report(
    "oneOf became anyOf",
    "oneOf became anyOf: that only one branch may match is no longer said",
    "inexact",
  );
  const rest = without(schema, "oneOf");
  if (!("anyOf" in schema)) return { ...rest, anyOf: schema["oneOf"] };
  const others: readonly unknown[] = Array.isArray(schema["allOf"]) ? schema["allOf"] : [];
  return { ...rest, allOf: [...others, { anyOf: schema["oneOf"] }] };
};
