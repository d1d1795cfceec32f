/** The JSON Schema type of a value; whole numbers are integers. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Whether a value of `narrow` always is a value of `wide`. */
export function isTypeWithin(narrow: unknown, wide: unknown): boolean {
  return narrow === wide || (narrow === "integer" && wide === "number");
}

export function typeList(type: unknown): readonly unknown[] {
  if (type === undefined) return [];
  return Array.isArray(type) ? type : [type];
}

/** One type stands alone, several in a list. */
export function typeValue(types: readonly unknown[]): unknown {
  return types.length === 1 ? types[0] : types;
}

/** The types values of which both lists allow. */
export function sharedTypes(left: readonly unknown[], right: readonly unknown[]): readonly unknown[] {
  return [...new Set([...typesWithin(left, right), ...typesWithin(right, left)])];
}

function typesWithin(types: readonly unknown[], bounds: readonly unknown[]): readonly unknown[] {
  return types.filter((type) => bounds.some((wide) => isTypeWithin(type, wide)));
}
