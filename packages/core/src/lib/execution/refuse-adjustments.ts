import type { Adjustment } from "../contract/adjustment.ts";
import { ProviderError } from "../contract/provider-error.ts";

/** Strict mode: throws ProviderError `invalid_request` for the first change that is one of meaning. */
export function refuseAdjustments(adjustments: readonly Adjustment[]): void {
  const refused = adjustments.find(({ effect }) => effect === "meaning");
  if (refused === undefined) return;
  throw new ProviderError({
    code: "invalid_request",
    message: `Strict mode: ${refused.parameter} would have to be ${refused.action}. ${refused.reason}`,
    origin: "caller",
    failure: "not_sent",
    parameter: refused.parameter,
  });
}
