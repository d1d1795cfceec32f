import { annotationKeywords } from "./keyword-table.ts";
import { limitsOf } from "./mfjs-level.ts";
import { isSchemaObject, problemAt, type MfjsRule } from "./schema-node.ts";

export const checkAnyOf: MfjsRule = ({ schema, path, level }) => {
  if (!("anyOf" in schema)) return undefined;
  const at = [...path, "anyOf"];
  const { anyOf } = schema;
  const most = limitsOf[level].anyOfItems;
  if (!Array.isArray(anyOf)) return problemAt(at, "anyOf must be an array");
  return anyOf.length === 0 || anyOf.length > most
    ? problemAt(at, `anyOf must have 1-${most} items`)
    : undefined;
};

/** A keyword stands beside `anyOf` or inside its branches, not both. */
export const checkAnyOfConflicts: MfjsRule = ({ schema, path }) => {
  if (!Array.isArray(schema["anyOf"])) return undefined;
  const branches = schema["anyOf"].filter(isSchemaObject);
  const conflicts = Object.keys(schema).filter(
    (keyword) =>
      keyword !== "anyOf" &&
      !annotationKeywords.has(keyword) &&
      branches.some((branch) => Object.hasOwn(branch, keyword)),
  );
  return conflicts.length === 0
    ? undefined
    : problemAt(
        path,
        `conflicting keywords found in anyOf with parent: keywords (${conflicts.join(", ")}) are defined on the parent schema and inside anyOf; remove them from the parent or from anyOf branches`,
      );
};
