/** A parsed condition; see `evaluateCondition` for what holds. Text patterns are compiled once, in linear time. */
export type Condition =
  | { readonly kind: "all"; readonly of: readonly Condition[] }
  | { readonly kind: "any"; readonly of: readonly Condition[] }
  | {
      readonly kind: "compare";
      readonly path: readonly string[];
      readonly operator: ComparisonOperator;
      readonly value: unknown;
    }
  | { readonly kind: "in" | "not_in"; readonly path: readonly string[]; readonly values: readonly unknown[] }
  | { readonly kind: "exists"; readonly path: readonly string[]; readonly expected: boolean }
  | { readonly kind: "matches"; readonly path: readonly string[]; readonly pattern: LinearPattern };

export type ComparisonOperator = "eq" | "ne" | "gt" | "gte" | "lt" | "lte";

/** A regular expression that cannot be made to backtrack. */
export interface LinearPattern {
  readonly source: string;
  test(text: string): boolean;
}
