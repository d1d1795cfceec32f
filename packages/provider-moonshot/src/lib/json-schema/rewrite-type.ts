import { isAnnotation } from "./annotation.ts";
import { cannotBeExpressed } from "./change-kind.ts";
import type { Definitions } from "./definitions.ts";
import { isTypeWithin, jsonTypeOf, sharedTypes, typeList, typeValue } from "./json-type.ts";
import { desugar } from "./desugar.ts";
import type { Report, RewriteStep } from "./rewrite-step.ts";
import { anything, isSchema, without, type Schema } from "./schema.ts";
import { typeOfKeyword } from "./type-keywords.ts";

/** Gives an untyped schema the type its other keywords show, or all types when they show none. */
export const inferType: RewriteStep = (schema, { definitions, report, path }) => {
  if ("type" in schema || "anyOf" in schema || "$ref" in schema) return schema;
  if (path === "$" && Object.keys(schema).every((keyword) => keyword === "$id")) return schema;
  if (Array.isArray(schema["enum"]) && schema["enum"].length > 0) {
    report("type added", "type was inferred from the values of enum");
    return { type: typeValue(typesOfValues(schema["enum"])), ...schema };
  }
  const demanded = typesDemanded(schema["allOf"], definitions);
  if (demanded.length > 0) {
    report("type added", "type was inferred from allOf");
    return { type: typeValue(demanded), ...schema };
  }
  return fromKeywords(schema, report);
};

function fromKeywords(schema: Schema, report: Report): Schema {
  const keyword = Object.keys(schema).find((name) => typeOfKeyword.has(name));
  const shown = new Set(Object.keys(schema).flatMap((name) => typeOfKeyword.get(name) ?? []));
  if (shown.size === 1 && keyword !== undefined) {
    report("type added", `type was inferred from ${keyword}`);
    return { type: [...shown][0], ...schema };
  }
  report("type added", "type was missing: every type is now named");
  return { ...anything, ...schema };
}

function typesOfValues(values: readonly unknown[]): readonly unknown[] {
  const types = [...new Set(values.map(jsonTypeOf))];
  return types.includes("number") ? types.filter((type) => type !== "integer") : types;
}

function typesDemanded(members: unknown, definitions: Definitions): readonly unknown[] {
  if (!Array.isArray(members)) return [];
  const stated = members
    .map((member) => typesOfMember(member, definitions))
    .filter((types) => types.length > 0);
  return stated.length === 0 ? [] : stated.reduce(sharedTypes);
}

function typesOfMember(member: unknown, definitions: Definitions): readonly unknown[] {
  if (!isSchema(member)) return [];
  const reference = member["$ref"];
  const target = desugar(typeof reference === "string" ? definitions.view(reference) : member);
  return isSchema(target) ? typeList(target["type"]) : [];
}

/** Values of an enum that the type rules out can never occur, and Moonshot refuses them. */
export const rewriteEnum: RewriteStep = (schema, { report }) => {
  const values = schema["enum"];
  const types = typeList(schema["type"]);
  if (!Array.isArray(values) || types.length === 0) return schema;
  const possible = values.filter((value) => types.some((type) => isTypeWithin(jsonTypeOf(value), type)));
  if (possible.length === values.length) return schema;
  if (possible.length === 0) {
    report(cannotBeExpressed, "cannot be expressed: type rules out every value of enum");
    return schema;
  }
  report("impossible values of enum removed", "values of enum that type rules out were removed");
  return { ...schema, enum: possible };
};

/** Moonshot reads further keywords only beside one type; several types become branches with the keywords of each. */
export const splitTypes: RewriteStep = (schema, { report }) => {
  const types = [...new Set(typeList(schema["type"]))];
  if (types.length < 2) return schema;
  const restrictions = Object.keys(schema).filter((keyword) => keyword !== "type" && !isAnnotation(keyword));
  if (restrictions.length === 0 || isNullableEnum(types, restrictions)) return schema;
  report("type list became anyOf", "the list of types became anyOf with the keywords of each type");
  const described = without(schema, "type", ...restrictions);
  const shared = without(schema, "type", ...Object.keys(described));
  return { ...described, anyOf: types.map((type) => branchOf(type, shared)).filter(isPossible) };
};

function isNullableEnum(types: readonly unknown[], restrictions: readonly string[]): boolean {
  const scalar = types.every((type) => type !== "object" && type !== "array");
  return scalar && types.length === 2 && types.includes("null") && restrictions.join() === "enum";
}

function branchOf(type: unknown, keywords: Schema): Schema {
  const applicable = Object.entries(keywords).filter(([keyword]) => {
    const onlyFor = typeOfKeyword.get(keyword);
    return onlyFor === undefined || isTypeWithin(type, onlyFor);
  });
  const branch: Schema = { type, ...Object.fromEntries(applicable) };
  if (!Array.isArray(branch["enum"])) return branch;
  return { ...branch, enum: branch["enum"].filter((value) => isTypeWithin(jsonTypeOf(value), type)) };
}

function isPossible(branch: Schema): boolean {
  return !Array.isArray(branch["enum"]) || branch["enum"].length > 0;
}
