import { cannotBeExpressed } from "./json-schema/change-kind.ts";
import { isDeeperThan } from "./json-schema/nesting.ts";
import { relocateReferences } from "./json-schema/relocate-references.ts";
import { definitionsOf, rewriteDocument } from "./json-schema/rewrite-node.ts";
import type { SchemaChange } from "./json-schema/rewrite-step.ts";
import { isSchema, without, type Schema } from "./json-schema/schema.ts";

export interface NormalizedSchema {
  /** The very object given when nothing had to change. */
  readonly schema: unknown;
  readonly changes: readonly SchemaChange[];
}

// Moonshot refuses more than 30 nested objects; what nests far beyond that is not worth a look.
const deepestNesting = 500;

/**
 * Says a client's JSON Schema in Moonshot's dialect (MFJS), for `response_format` and as the base for tools.
 *
 * What is valid stays valid and the reverse, except where a change says otherwise. What the dialect cannot say is left
 * as it is and reported as "cannot be expressed", so that the provider's own answer reaches the client.
 */
export function normalizeJsonSchema(schema: unknown): NormalizedSchema {
  if (!isSchema(schema)) return unexpressed(schema, "the schema is not an object");
  if (isDeeperThan(schema, deepestNesting)) return unexpressed(schema, "nested too deeply");
  const changes: SchemaChange[] = [];
  const report = (change: SchemaChange) => void changes.push(change);
  // kimi-k2.5 answers nonsense when the root carries $schema; Moonshot ignores it everywhere else.
  if ("$schema" in schema) report({ path: "$", kind: "$schema removed", change: "$schema was removed" });
  const bare = "$schema" in schema ? without(schema, "$schema") : schema;
  const document = relocateReferences(bare, report);
  return { schema: rewriteDocument(document, report), changes };
}

function unexpressed(schema: unknown, reason: string): NormalizedSchema {
  return {
    schema,
    changes: [{ path: "$", kind: cannotBeExpressed, change: `cannot be expressed: ${reason}` }],
  };
}

/**
 * As `normalizeJsonSchema`, for the `parameters` of a tool, whose root must be of type object.
 *
 * Absent parameters mean none. A root union moves under `allOf`, because `type` must stand at the root and must not
 * stand beside `anyOf`. A root of another type is left and reported.
 */
export function normalizeToolParameters(parameters: unknown): NormalizedSchema {
  if (parameters === undefined || parameters === null) {
    return {
      schema: { type: "object", properties: {} },
      changes: [
        {
          path: "$",
          kind: "missing parameters added",
          change: "parameters were missing: an object without properties stands for them",
        },
      ],
    };
  }
  const { root, changes } = isSchema(parameters)
    ? withObjectRoot(parameters)
    : { root: parameters, changes: [] };
  const normalized = normalizeJsonSchema(root);
  const isObject = isSchema(normalized.schema) && normalized.schema["type"] === "object";
  const unrepaired = {
    path: "$",
    kind: cannotBeExpressed,
    change: "cannot be expressed: the root is not of type object",
  };
  return {
    schema: normalized.schema,
    changes: [...changes, ...normalized.changes, ...(isObject ? [] : [unrepaired])],
  };
}

function withObjectRoot(parameters: Schema): { root: Schema; changes: readonly SchemaChange[] } {
  const { anyOf, oneOf, $ref, type } = parameters;
  const union = ["anyOf", "oneOf"].filter((keyword) => Array.isArray(parameters[keyword]));
  if (union.length > 0 && (type === "object" || isObjectUnion(parameters, anyOf ?? oneOf))) {
    const others: readonly unknown[] = Array.isArray(parameters["allOf"]) ? parameters["allOf"] : [];
    const moved = union.map((keyword) => ({ anyOf: parameters[keyword] }));
    const root = { ...without(parameters, ...union, "allOf"), type: "object", allOf: [...others, ...moved] };
    const change = `${union.join(" and ")} moved into allOf: type object must stand at the root and may not stand beside a union`;
    return { root, changes: [{ path: "$", kind: "anyOf or oneOf moved into allOf", change }] };
  }
  const target = typeof $ref === "string" ? definitionsOf(parameters).view($ref) : undefined;
  if (target?.["type"] === "object") {
    const root = { ...target, ...without(parameters, "$ref") };
    return {
      root,
      changes: [
        {
          path: "$",
          kind: "$ref replaced by its definition",
          change: "the definition took the place of the root's $ref",
        },
      ],
    };
  }
  return { root: parameters, changes: [] };
}

function isObjectUnion(document: Schema, branches: unknown): boolean {
  const definitions = definitionsOf(document);
  return (
    Array.isArray(branches) &&
    branches.length > 0 &&
    branches.every((branch) => {
      const reference = isSchema(branch) ? branch["$ref"] : undefined;
      const target = typeof reference === "string" ? definitions.view(reference) : branch;
      return isSchema(target) && target["type"] === "object";
    })
  );
}
