import { isAnnotation } from "./annotation.ts";
import { desugar } from "./desugar.ts";
import { sharedTypes, typeList, typeValue } from "./json-type.ts";
import { isSchema, sameJson, without, type Schema } from "./schema.ts";

/** Two schemas that no value satisfies together. */
export const contradiction = Symbol("contradiction");

/** Two schemas whose keywords cannot be told as one flat schema. */
export const inseparable = Symbol("inseparable");

export type Intersection = Schema | typeof contradiction | typeof inseparable;

/** Keywords whose meaning depends on one another, so that one side has to bring all of them. */
const dependentGroups: readonly (readonly string[])[] = [
  ["items", "prefixItems", "additionalItems"],
  ["contains", "minContains", "maxContains"],
  ["if", "then", "else"],
  ["type", "nullable"],
];

type Merge = (left: unknown, right: unknown) => unknown;

const larger: Merge = (left, right) => numeric(left, right, Math.max);
const smaller: Merge = (left, right) => numeric(left, right, Math.min);

const mergeOf: ReadonlyMap<string, Merge> = new Map<string, Merge>([
  ["type", (left, right) => orContradiction(sharedTypes(typeList(left), typeList(right)), typeValue)],
  ["enum", (left, right) => sharedValues(left, right)],
  ["required", (left, right) => union(left, right)],
  ...["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"].map(
    (keyword) => [keyword, larger] as const,
  ),
  ...["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"].map(
    (keyword) => [keyword, smaller] as const,
  ),
]);

/** One flat schema valid exactly where both are; where both annotate, the first one speaks. */
export function intersect(left: Schema, right: Schema): Intersection {
  if (dependsAcross(left, right) || entangles(left, right)) return inseparable;
  const result: Record<string, unknown> = { ...left, ...mergeObjects(left, right) };
  let contradicts = false;
  for (const [keyword, value] of Object.entries(without(right, ...objectKeywords))) {
    const merged = Object.hasOwn(left, keyword) ? mergeKeyword(keyword, left[keyword], value) : value;
    if (merged === inseparable) return inseparable;
    if (merged === contradiction) contradicts = true;
    result[keyword] = merged;
  }
  return contradicts ? contradiction : result;
}

function mergeKeyword(keyword: string, left: unknown, right: unknown): unknown {
  if (isAnnotation(keyword) || sameJson(left, right)) return left;
  return mergeOf.get(keyword)?.(left, right) ?? inseparable;
}

function dependsAcross(left: Schema, right: Schema): boolean {
  return dependentGroups.some((group) => {
    const ofLeft = group.filter((keyword) => keyword in left);
    const ofRight = group.filter((keyword) => keyword in right);
    const onlyType = [...ofLeft, ...ofRight].every((keyword) => keyword === "type");
    const equal = group.every((keyword) => sameJson(left[keyword], right[keyword]));
    return ofLeft.length > 0 && ofRight.length > 0 && !onlyType && !equal;
  });
}

const objectKeywords = ["properties", "additionalProperties"] as const;

/** Patterns decide which properties are additional, and `unevaluatedProperties` depends on everything around it. */
function entangles(left: Schema, right: Schema): boolean {
  if ("unevaluatedProperties" in left || "unevaluatedProperties" in right) return true;
  const patterns = "patternProperties" in left || "patternProperties" in right;
  return patterns && ("additionalProperties" in left || "additionalProperties" in right);
}

/**
 * The properties and the rest of both objects.
 *
 * A property only one side declares is an additional one to the other. Where that forbids it the merged rest does too,
 * so it needs no mention.
 */
function mergeObjects(left: Schema, right: Schema): Schema {
  const rest = bothOf(restOf(left), restOf(right));
  const names = new Set([...Object.keys(propertiesOf(left)), ...Object.keys(propertiesOf(right))]);
  const merged = [...names].map((name) => [name, bothOf(ruleFor(name, left), ruleFor(name, right))] as const);
  const properties = Object.fromEntries(merged.filter(([, rule]) => rule !== false || rest !== false));
  return {
    ...("properties" in left || "properties" in right ? { properties } : {}),
    ...("additionalProperties" in left || "additionalProperties" in right
      ? { additionalProperties: rest }
      : {}),
  };
}

function propertiesOf(schema: Schema): Schema {
  return isSchema(schema["properties"]) ? schema["properties"] : {};
}

function restOf(schema: Schema): unknown {
  return schema["additionalProperties"] ?? true;
}

function ruleFor(name: string, schema: Schema): unknown {
  const properties = propertiesOf(schema);
  return Object.hasOwn(properties, name) ? properties[name] : restOf(schema);
}

function bothOf(left: unknown, right: unknown): unknown {
  if (left === true || right === false) return right;
  if (right === true || left === false || sameJson(left, right)) return left;
  const [one, other] = [desugar(left), desugar(right)];
  const merged = isSchema(one) && isSchema(other) ? intersect(one, other) : inseparable;
  // A property nobody can satisfy still may be absent, so it stays written as both of its demands.
  return typeof merged === "symbol" ? { allOf: [left, right] } : merged;
}

function sharedValues(left: unknown, right: unknown): unknown {
  if (!Array.isArray(left) || !Array.isArray(right)) return inseparable;
  return orContradiction(left.filter((value) => right.some((other) => sameJson(value, other))));
}

function union(left: unknown, right: unknown): unknown {
  return Array.isArray(left) && Array.isArray(right) ? [...new Set([...left, ...right])] : inseparable;
}

function numeric(left: unknown, right: unknown, pick: (...values: number[]) => number): unknown {
  return typeof left === "number" && typeof right === "number" ? pick(left, right) : inseparable;
}

function orContradiction(
  shared: readonly unknown[],
  value: (shared: readonly unknown[]) => unknown = (list) => list,
): unknown {
  return shared.length === 0 ? contradiction : value(shared);
}
