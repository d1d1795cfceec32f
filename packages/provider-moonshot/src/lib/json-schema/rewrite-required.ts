import { cannotBeExpressed } from "./change-kind.ts";
import type { RewriteStep } from "./rewrite-step.ts";
import { anything, isSchema, without, type Schema } from "./schema.ts";

/** Every required property has to be declared; one that is not gets the schema that governs undeclared properties. */
export const rewriteRequired: RewriteStep = (schema, { report }) => {
  const { required, properties = {}, additionalProperties: rest = true } = schema;
  if (!Array.isArray(required) || !isSchema(properties)) return schema;
  const undeclared = required.filter((name) => typeof name === "string" && !Object.hasOwn(properties, name));
  if (undeclared.length === 0) return schema;
  if (rest === false) {
    report(
      "undeclared names removed from required",
      `required no longer names ${undeclared.join(", ")}: not among properties, and no others are allowed`,
      "inexact",
    );
    return withoutRequired(schema, required, undeclared);
  }
  report(
    "required names added to properties",
    `properties now declares the required ${undeclared.join(", ")}`,
  );
  const governing = isSchema(rest) ? rest : anything;
  const declared = Object.fromEntries(undeclared.map((name) => [name, governing]));
  return { ...schema, properties: { ...properties, ...declared } };
};

function withoutRequired(schema: Schema, required: readonly unknown[], dropped: readonly unknown[]): Schema {
  const kept = required.filter((name) => !dropped.includes(name));
  return kept.length === 0 ? without(schema, "required") : { ...schema, required: kept };
}

/** Moonshot reads a property called `$ref` as a reference, and nothing can be done about its name. */
export const reportPropertyNamedRef: RewriteStep = (schema, { report }) => {
  if (isSchema(schema["properties"]) && "$ref" in schema["properties"]) {
    report(cannotBeExpressed, "cannot be expressed: Moonshot takes a property named $ref for a reference");
  }
  return schema;
};
