/**
 * How strictly to judge.
 *
 * "cases" is the provider's published validator with every rule on, as its own test cases record it: keywords
 * outside the dialect, misplaced keywords and contradictory bounds are errors.
 *
 * "live" is the chat endpoint as probed in August 2026. It lets unknown keywords pass (`format`, `allOf`,
 * `prefixItems`, …; at most a warning header) but refuses whatever its decoder cannot read.
 */
export type MfjsLevel = "cases" | "live";

export interface MfjsLimits {
  /** Nested `properties`, counted through references. */
  readonly propertyDepth: number;
  readonly propertyNames: number;
  readonly enumItems: number;
  /** Summed text length of an enum, checked only above `enumTextFrom` items. */
  readonly enumTextLength: number;
  readonly enumTextFrom: number;
  readonly anyOfItems: number;
  readonly schemaLength: number;
  readonly referenceSteps: number;
}

const production: MfjsLimits = {
  propertyDepth: 30,
  propertyNames: 3_000,
  enumItems: 1_000,
  enumTextLength: 75_000,
  enumTextFrom: 2_500,
  anyOfItems: 500,
  schemaLength: 120_000,
  referenceSteps: 500_000,
};

// The published cases pin the depth of the written specification (5), not the 30 the endpoint allows.
export const limitsOf: Readonly<Record<MfjsLevel, MfjsLimits>> = {
  live: production,
  cases: { ...production, propertyDepth: 5 },
};
