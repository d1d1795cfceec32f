import type { ErrorCode, ErrorOrigin } from "@perilune/core/provider";
import type { ReportedError } from "./read-error-body.ts";

/** One row of a table that gives errors their code; every condition named must hold. */
export interface ErrorRule {
  readonly status?: number;
  readonly type?: string;
  /** The body's `code`, as text. */
  readonly code?: string;
  /** Searched for in the provider's words. */
  readonly words?: RegExp;
  readonly means: ErrorCode;
  /** Who failed, where the code alone does not tell. */
  readonly origin?: ErrorOrigin;
  /** A sentence for whoever has to fix it, put after the provider's words. */
  readonly hint?: string;
}

/** The first row that fits. */
export function findErrorRule(
  rules: readonly ErrorRule[],
  reported: ReportedError,
  status: number | undefined,
): ErrorRule | undefined {
  return rules.find(
    (rule) =>
      (rule.status === undefined || rule.status === status) &&
      (rule.type === undefined || rule.type === reported.type) &&
      (rule.code === undefined || rule.code === reported.code) &&
      (rule.words === undefined || rule.words.test(reported.words)),
  );
}
