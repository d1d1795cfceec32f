import type { LocalStep } from "./rewrite-step.ts";
import { isSchema, without, type Schema } from "./schema.ts";

/** A list in `items` (draft 7) is `prefixItems`, and `additionalItems` speaks about the rest. */
export const rewriteTuple: LocalStep = (schema, { report }) => {
  if (!Array.isArray(schema["items"]) || "prefixItems" in schema) return schema;
  report("items list became prefixItems", "the list in items became prefixItems");
  const rest = without(schema, "items", "additionalItems");
  const items = "additionalItems" in schema ? { items: schema["additionalItems"] } : {};
  return { ...rest, prefixItems: schema["items"], ...items };
};

/** `items` is a schema: true and an empty one say nothing, false is an upper bound on the length. */
export const rewriteItems: LocalStep = (schema, { report }) => {
  const { items } = schema;
  if (items === true || (isSchema(items) && Object.keys(items).length === 0)) {
    report("empty items removed", "items allowed everything and was removed");
    return without(schema, "items");
  }
  if (items !== false) return schema;
  report("items false became maxItems", "items: false became maxItems");
  return bounded(without(schema, "items"));
};

function bounded(schema: Schema): Schema {
  const length = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"].length : 0;
  const before = schema["maxItems"];
  return { ...schema, maxItems: typeof before === "number" ? Math.min(before, length) : length };
}
