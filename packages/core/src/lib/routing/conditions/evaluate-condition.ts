import { isDeepStrictEqual } from "node:util";
import type { ComparisonOperator, Condition } from "./condition.ts";
import { numberIn } from "./parse-condition.ts";

/** What a condition can see of a request. */
export interface Facts {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The body as the client sent it, before any override. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly url: { readonly pathname: string };
}

/**
 * Whether a condition holds. What is missing is neither equal nor unequal, neither in a list nor outside it: only
 * `exists` is true of it. `null` is a value and not missing.
 */
export function evaluateCondition(condition: Condition, facts: Facts): boolean {
  if (condition.kind === "all") return condition.of.every((part) => evaluateCondition(part, facts));
  if (condition.kind === "any") return condition.of.some((part) => evaluateCondition(part, facts));
  const value = lookUp(facts, condition.path);
  if (condition.kind === "exists") return (value !== undefined) === condition.expected;
  return value !== undefined && holdsOf(value, condition);
}

type ValueTest = Exclude<Condition, { kind: "all" | "any" | "exists" }>;

function holdsOf(value: unknown, condition: ValueTest): boolean {
  if (condition.kind === "matches") return typeof value === "string" && condition.pattern.test(value);
  if (condition.kind === "compare") return comparisons[condition.operator](value, condition.value);
  const isListed = condition.values.some((each) => isDeepStrictEqual(value, each));
  return isListed === (condition.kind === "in");
}

type Comparison = (value: unknown, operand: unknown) => boolean;

const comparisons: Readonly<Record<ComparisonOperator, Comparison>> = {
  eq: (value, operand) => isDeepStrictEqual(value, operand),
  ne: (value, operand) => !isDeepStrictEqual(value, operand),
  gt: ordered((left, right) => left > right),
  gte: ordered((left, right) => left >= right),
  lt: ordered((left, right) => left < right),
  lte: ordered((left, right) => left <= right),
};

/** Numbers, and text that is one, have an order here; nothing else has. */
function ordered(compare: (left: number, right: number) => boolean): Comparison {
  return (value, operand) => {
    const [left, right] = [numberIn(value), numberIn(operand)];
    return left !== undefined && right !== undefined && compare(left, right);
  };
}

/** The value at a path, own properties only; undefined when missing. A key may hold dots: `metadata["team.name"]`. */
function lookUp(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return /^\d+$/u.test(first) ? lookUp(value[Number(first)], rest) : undefined;
  // Only its own keys are read, so that "constructor" is missing unless somebody sent it.
  const record = value as Readonly<Record<string, unknown>>;
  const joined = path.join(".");
  if (rest.length > 0 && Object.hasOwn(record, joined)) return record[joined];
  return Object.hasOwn(record, first) ? lookUp(record[first], rest) : undefined;
}
