import { documentKeywords, isAnnotation } from "./annotation.ts";
import type { Definitions } from "./definitions.ts";
import { intersect } from "./intersect.ts";
import { desugar } from "./desugar.ts";
import type { Place, RewriteStep } from "./rewrite-step.ts";
import { isSchema, sameJson, without, type Schema } from "./schema.ts";

/** Restrictions beside `$ref` are refused or dropped by Moonshot; first they become one more demand of `allOf`. */
export const rewriteRefSiblings: RewriteStep = (schema, { definitions, report }) => {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  const target = desugar(definitions.view(reference));
  if (!isSchema(target)) return schema;
  const siblings = Object.keys(schema).filter((keyword) => keyword !== "$ref" && !isAnnotation(keyword));
  const repeated = siblings.filter((keyword) => sameJson(schema[keyword], target[keyword]));
  if (siblings.length > repeated.length) {
    const others: readonly unknown[] = Array.isArray(schema["allOf"]) ? schema["allOf"] : [];
    report(
      "$ref joined with the keywords beside it",
      "the keywords beside $ref were joined with its definition",
    );
    return { ...without(schema, "$ref", "allOf"), allOf: [...others, { $ref: reference }] };
  }
  if (repeated.length > 0)
    report(
      "$ref cleared of repeated keywords",
      `${repeated.join(", ")} beside $ref only repeated its definition`,
    );
  return apartFromTarget(repeated.length > 0 ? without(schema, ...repeated) : schema, target, report);
};

/** Annotations may stand beside `$ref` unless its definition has the same ones; beside an `anyOf` they always may. */
function apartFromTarget(schema: Schema, target: Schema, report: Place["report"]): Schema {
  const clashing = Object.keys(schema).filter(
    (keyword) => keyword !== "$ref" && !documentKeywords.includes(keyword) && Object.hasOwn(target, keyword),
  );
  if (clashing.length === 0) return schema;
  report(
    "$ref wrapped in anyOf",
    `$ref was wrapped in anyOf: ${clashing.join(", ")} stands beside it and in its definition`,
  );
  return { ...without(schema, "$ref"), anyOf: [{ $ref: schema["$ref"] }] };
}

/** Joins the demands of `allOf` into one schema where that is possible; where not, `allOf` stays and goes unread. */
export const rewriteAllOf: RewriteStep = (schema, place) => {
  const members = schema["allOf"];
  if (!Array.isArray(members)) return schema;
  const outside = without(schema, "allOf");
  const only: unknown = members.length === 1 ? members[0] : undefined;
  if (isBareReference(only) && Object.keys(outside).every(isAnnotation)) {
    place.report("allOf became $ref", "allOf of one $ref became that $ref");
    return rewriteRefSiblings({ ...outside, ...only }, place);
  }
  const kept = members.filter((member) => isRootUnion(member, outside, place));
  const others = members.filter((member) => !kept.includes(member));
  const joined = others.length === 0 ? undefined : joinMembers(outside, others, place.definitions);
  if (joined === undefined) return schema;
  place.report("allOf joined", "allOf was joined into one schema");
  return kept.length === 0 ? joined : { ...joined, allOf: kept };
};

/** A union under the root's `allOf` is there because the root has to keep its type, which no union may stand beside. */
function isRootUnion(member: unknown, outside: Schema, { path, definitions }: Place): boolean {
  if (path !== "$" || outside["type"] !== "object") return false;
  const flat = flatMember(member, definitions);
  return flat !== undefined && "anyOf" in flat;
}

function joinMembers(
  outside: Schema,
  members: readonly unknown[],
  definitions: Definitions,
): Schema | undefined {
  let joined: Schema = outside;
  for (const member of members) {
    const plain = flatMember(member, definitions);
    if (plain === undefined) return undefined;
    const next = intersect(joined, plain);
    if (typeof next === "symbol") return undefined;
    joined = next;
  }
  return joined;
}

function flatMember(member: unknown, definitions: Definitions): Schema | undefined {
  if (member === true) return {};
  const plain = desugar(member);
  if (!isSchema(plain)) return undefined;
  const inPlace = typeof plain["$ref"] === "string" ? inlined(plain, plain["$ref"], definitions) : plain;
  if (inPlace === undefined || !Array.isArray(inPlace["allOf"])) return inPlace;
  return joinMembers(without(inPlace, "allOf"), inPlace["allOf"], definitions);
}

function inlined(schema: Schema, reference: string, definitions: Definitions): Schema | undefined {
  const plain = desugar(definitions.copy(reference));
  if (!isSchema(plain)) return undefined;
  const joined = intersect(without(schema, "$ref"), plain);
  return typeof joined === "symbol" ? undefined : joined;
}

function isBareReference(member: unknown): member is Schema {
  return isSchema(member) && "$ref" in member && Object.keys(member).length === 1;
}
