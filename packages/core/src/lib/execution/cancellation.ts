import { ProviderError } from "../contract/provider-error.ts";

/** Why a caller's signal was aborted: its own reason when that is a ProviderError, else `cancelled`. */
export function cancellation(signal: AbortSignal): ProviderError {
  if (signal.reason instanceof ProviderError) return signal.reason;
  return new ProviderError({ code: "cancelled", message: "The caller went away.", origin: "caller" });
}
