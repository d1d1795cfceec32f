import { isRecord } from "../check-keys.ts";
import { nearestNames } from "../nearest-names.ts";
import type { Place, RouteProblem } from "../route-problem.ts";
import { compiled, problemAt } from "../route-problem.ts";
import type { Compiled } from "../route-problem.ts";
import type { Condition } from "./condition.ts";
import { compileLinearPattern } from "./linear-pattern.ts";
import { parseFactPath } from "./parse-fact-path.ts";

/**
 * `{ "metadata.tier": { "$eq": "paid" }, "$or": [...] }` → a condition. Everything side by side has to hold. All
 * mistakes are reported, each at its place below `place`.
 */
export function parseCondition(value: unknown, place: Place): Compiled<Condition> {
  const problems: RouteProblem[] = [];
  const condition = parseQuery(value, place, problems);
  return compiled(condition, problems);
}

function parseQuery(value: unknown, place: Place, problems: RouteProblem[]): Condition | undefined {
  if (!isRecord(value) || Object.keys(value).length === 0) {
    problems.push(problemAt(place, 'expected at least one test, such as {"metadata.tier": {"$eq": "paid"}}'));
    return undefined;
  }
  return all(
    Object.entries(value).map(([key, operand]) => {
      const keyPlace = [...place, key];
      if (key === "$and" || key === "$or") return parseList(key, operand, keyPlace, problems);
      if (key.startsWith("$")) return refuseOperator(key, keyPlace, problems, ["$and", "$or"]);
      return parseField(key, operand, keyPlace, problems);
    }),
  );
}

/** Undefined where a part is missing; that part has left a problem. */
function all(parts: readonly (Condition | undefined)[]): Condition | undefined {
  const of = parts.filter((part) => part !== undefined);
  if (of.length < parts.length) return undefined;
  return of.length === 1 ? of[0] : { kind: "all", of };
}

function parseList(
  key: "$and" | "$or",
  value: unknown,
  place: Place,
  problems: RouteProblem[],
): Condition | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    problems.push(problemAt(place, `${key} expects a list of at least one condition`));
    return undefined;
  }
  const parts = value.map((item, index) => parseQuery(item, [...place, index], problems));
  const of = parts.filter((part) => part !== undefined);
  return of.length < parts.length ? undefined : { kind: key === "$and" ? "all" : "any", of };
}

function parseField(
  field: string,
  value: unknown,
  place: Place,
  problems: RouteProblem[],
): Condition | undefined {
  const fact = parseFactPath(field);
  if ("message" in fact) {
    problems.push(problemAt(place, fact.message, fact.suggestion));
    return undefined;
  }
  const isOperators = isRecord(value) && Object.keys(value).some((key) => key.startsWith("$"));
  if (!isOperators) return parseOperator(fact.path, "$eq", value, place, problems);
  return all(
    Object.entries(value).map(([operator, operand]) =>
      parseOperator(fact.path, operator, operand, [...place, operator], problems),
    ),
  );
}

type OperandReader = (path: readonly string[], operand: unknown) => Condition | { readonly refusal: string };

const operators: ReadonlyMap<string, OperandReader> = new Map<string, OperandReader>([
  ["$eq", (path, value) => ({ kind: "compare", path, operator: "eq", value })],
  ["$ne", (path, value) => ({ kind: "compare", path, operator: "ne", value })],
  ["$gt", ordering("gt")],
  ["$gte", ordering("gte")],
  ["$lt", ordering("lt")],
  ["$lte", ordering("lte")],
  ["$in", membership("in")],
  ["$nin", membership("not_in")],
  ["$regex", readPattern],
  ["$exists", readExistence],
]);

function parseOperator(
  path: readonly string[],
  operator: string,
  operand: unknown,
  place: Place,
  problems: RouteProblem[],
): Condition | undefined {
  const read = operators.get(operator);
  if (read === undefined) return refuseOperator(operator, place, problems, [...operators.keys()]);
  const result = read(path, operand);
  if (!("refusal" in result)) return result;
  problems.push(problemAt(place, result.refusal));
  return undefined;
}

function ordering(operator: "gt" | "gte" | "lt" | "lte"): OperandReader {
  return (path, value) =>
    numberIn(value) === undefined
      ? { refusal: `$${operator} compares numbers and cannot use ${shown(value)}` }
      : { kind: "compare", path, operator, value: numberIn(value) };
}

function membership(kind: "in" | "not_in"): OperandReader {
  return (path, value) =>
    Array.isArray(value)
      ? { kind, path, values: value }
      : { refusal: `$${kind === "in" ? "in" : "nin"} expects a list of values` };
}

function readPattern(path: readonly string[], source: unknown): ReturnType<OperandReader> {
  if (typeof source !== "string") return { refusal: "$regex expects a regular expression as text" };
  const result = compileLinearPattern(source);
  return "pattern" in result
    ? { kind: "matches", path, pattern: result.pattern }
    : { refusal: `the regular expression ${result.refusal}` };
}

function readExistence(path: readonly string[], expected: unknown): ReturnType<OperandReader> {
  return typeof expected === "boolean"
    ? { kind: "exists", path, expected }
    : { refusal: "$exists expects true or false" };
}

/** A number, or text that is one: metadata and headers have only text. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function shown(value: unknown): string {
  return typeof value === "string" || value === null ? JSON.stringify(value) : `a ${typeof value}`;
}

/** What other query languages call them; too short to be found by nearness. */
const synonyms: Readonly<Record<string, string>> = {
  $neq: "$ne",
  $not: "$ne",
  $ge: "$gte",
  $le: "$lte",
  $equals: "$eq",
  $notin: "$nin",
  $not_in: "$nin",
  $like: "$regex",
  $match: "$regex",
};

function refuseOperator(
  written: string,
  place: Place,
  problems: RouteProblem[],
  fitting: readonly string[],
): undefined {
  const all = ["$and", "$or", ...operators.keys()];
  const isMisplaced = all.includes(written) && !fitting.includes(written);
  const near = synonyms[written] ?? nearestNames(written, fitting)[0];
  const message = isMisplaced
    ? `${written} cannot stand here, expected one of ${fitting.join(", ")}`
    : `unknown operator ${JSON.stringify(written)}, expected one of ${fitting.join(", ")}`;
  problems.push(problemAt(place, message, near !== undefined && fitting.includes(near) ? near : undefined));
  return undefined;
}
