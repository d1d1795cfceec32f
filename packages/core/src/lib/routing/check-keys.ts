import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt, unknownName } from "./route-problem.ts";

/** Whether `value` is a map with string keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One problem for every key that is not known. */
export function checkKeys(value: unknown, place: Place, known: readonly string[]): RouteProblem[] {
  if (!isRecord(value)) return [];
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const problem = unknownName([...place, key], "unknown key", key, known);
      if (problem.suggestion !== undefined || known.length > 8) return problem;
      return problemAt(problem.place, `${problem.message}, expected one of ${known.join(", ")}`);
    });
}
