import type { ProviderErrorFacts } from "../contract/provider-error.ts";
import type { StreamOutcome } from "../stream/stream-progress.ts";

/** How an attempt ended, as far as the health of its target is concerned. */
export interface HealthOutcome {
  readonly outcome: StreamOutcome;
  /** Present unless the attempt completed. */
  readonly error?: Pick<ProviderErrorFacts, "code" | "retryAfterMs" | "upstreamStatus">;
}
