import type { Adjustment } from "../contract/adjustment.ts";
import type { ProviderError } from "../contract/provider-error.ts";
import type { Usage } from "../contract/usage.ts";
import type { StreamOutcome } from "../stream/stream-progress.ts";

/** What one attempt was and came to: the entry in the ledger. Exactly one per attempt, filed when it ends. */
export interface AttemptRecord {
  /** 1 for the first. */
  readonly number: number;
  readonly deploymentId: string;
  /** Whose key it was: what a refusal of it means depends on that. */
  readonly credentialOwner: "operator" | "caller";
  readonly providerId: string;
  readonly modelId: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** From sending to the first meaningful chunk; absent when none came, or the answer was not streamed. */
  readonly firstTokenMs?: number;
  readonly outcome: StreamOutcome;
  readonly error?: ProviderError;
  /** The provider's HTTP status; absent when it never answered. */
  readonly upstreamStatus?: number;
  /** As the provider reported it; absent when it did not. */
  readonly usage?: Usage;
  readonly adjustments: readonly Adjustment[];
  /** The attempt before it may have done the work already, and charged for it. */
  readonly possibleDoubleCharge?: true;
}
