import { checkTexts } from "./check-annotations.ts";
import { checkAnyOf, checkAnyOfConflicts } from "./check-any-of.ts";
import { checkBounds } from "./check-bounds.ts";
import { checkEnum, checkEnumTypes } from "./check-enum.ts";
import {
  checkKeywordsOfType,
  checkPropertyNamedRef,
  checkReservedNames,
  checkSeveralTypes,
  checkSiblings,
  checkSupportedKeywords,
} from "./check-keyword-place.ts";
import { checkLimits } from "./check-limits.ts";
import { checkAdditionalProperties, checkProperties, checkRequired } from "./check-object.ts";
import {
  checkDefinitions,
  checkNamesInDefinitions,
  checkReference,
  checkReferenceConflicts,
} from "./check-references.ts";
import { checkTermination } from "./check-termination.ts";
import { checkTypeDefined, checkTypePlace, checkTypeValue } from "./check-type.ts";
import type { MfjsLevel } from "./mfjs-level.ts";
import {
  isSchemaObject,
  problemAt,
  type MfjsProblem,
  type MfjsRule,
  type SchemaNode,
} from "./schema-node.ts";
import { subSchemas } from "./sub-schemas.ts";

export type { MfjsLevel } from "./mfjs-level.ts";
export type { MfjsProblem } from "./schema-node.ts";

const both: readonly MfjsLevel[] = ["cases", "live"];

/** In the order the provider complains: the first rule broken is the one reported. */
const rules: readonly (readonly [MfjsRule, readonly MfjsLevel[]])[] = [
  [checkSupportedKeywords, ["cases"]],
  [checkTypePlace, both],
  [checkTypeValue, both],
  [checkSeveralTypes, ["cases"]],
  [checkSiblings, ["cases"]],
  [checkKeywordsOfType, ["cases"]],
  [checkReservedNames, ["cases"]],
  [checkPropertyNamedRef, ["live"]],
  [checkTypeDefined, both],
  [checkTexts, both],
  [checkDefinitions, both],
  [checkNamesInDefinitions, ["cases"]],
  [checkReference, both],
  [checkReferenceConflicts, both],
  [checkAnyOf, both],
  [checkAnyOfConflicts, both],
  [checkProperties, both],
  [checkRequired, both],
  [checkAdditionalProperties, both],
  [checkEnum, both],
  [checkEnumTypes, ["cases"]],
  [checkBounds, ["cases"]],
];

/** The first thing wrong with a schema of Moonshot's dialect, or undefined when it is valid. */
export function validateMfjs(schema: unknown, level: MfjsLevel = "cases"): MfjsProblem | undefined {
  if (!isSchemaObject(schema)) return problemAt([], "schema must be a dict");
  const node: SchemaNode = { schema, path: [], root: schema, level };
  return checkLimits(node) ?? checkTree(node, rulesOf(level)) ?? checkTermination(node);
}

/** As `validateMfjs`, for a schema still in text, which may not even parse. */
export function validateMfjsText(text: string, level: MfjsLevel = "cases"): MfjsProblem | undefined {
  const parsed = parseJson(text);
  const isDictOrNull = parsed !== undefined && (parsed.value === null || isSchemaObject(parsed.value));
  return isDictOrNull ? validateMfjs(parsed.value, level) : problemAt([], "JSON schema parsing error");
}

function rulesOf(level: MfjsLevel): readonly MfjsRule[] {
  return rules.flatMap(([rule, levels]) => (levels.includes(level) ? [rule] : []));
}

function checkTree(node: SchemaNode, active: readonly MfjsRule[]): MfjsProblem | undefined {
  for (const rule of active) {
    const problem = rule(node);
    if (problem !== undefined) return problem;
  }
  for (const { value, path, whenNotObject } of subSchemas(node)) {
    if (!isSchemaObject(value)) return whenNotObject;
    const problem = checkTree({ ...node, schema: value, path }, active);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, refuseInfinity) };
  } catch {
    return undefined;
  }
}

// A number too large for a double is an error to the provider's parser, where ours would read infinity.
function refuseInfinity(_key: string, value: unknown): unknown {
  if (value === Infinity || value === -Infinity) throw new RangeError("number out of range");
  return value;
}
