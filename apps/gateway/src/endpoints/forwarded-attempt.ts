import { ProviderError } from "@perilune/core";
import type { AttemptRecord, Clock, Deployment } from "@perilune/core";

/** The one attempt of a forwarded call, filed exactly once however it ends. */
export class ForwardedAttempt {
  readonly #deployment: Deployment;
  readonly #clock: Clock;
  readonly #file: (record: AttemptRecord) => void;
  readonly #startedAtMs: number;
  readonly #startMs: number;
  #isFiled = false;

  constructor(deployment: Deployment, clock: Clock, file: (record: AttemptRecord) => void) {
    this.#deployment = deployment;
    this.#clock = clock;
    this.#file = file;
    this.#startedAtMs = clock.wallMs();
    this.#startMs = clock.nowMs();
  }

  complete(upstreamStatus: number): void {
    this.#end({ outcome: "complete", upstreamStatus });
  }

  /** `thrown` may be a refusal of the caller's own upload, which is no failure of the provider. */
  fail(thrown: unknown, upstreamStatus?: number): void {
    const error = thrown instanceof ProviderError ? thrown : callersFault();
    this.#end({
      outcome: outcomeOf(error),
      error,
      ...(upstreamStatus !== undefined && { upstreamStatus }),
    });
  }

  #end(how: Pick<AttemptRecord, "outcome" | "error" | "upstreamStatus">): void {
    if (this.#isFiled) return;
    this.#isFiled = true;
    const { id, provider, modelId, credentialOwner } = this.#deployment;
    this.#file({
      number: 1,
      deploymentId: id,
      credentialOwner,
      providerId: provider.adapter.id,
      modelId,
      startedAtMs: this.#startedAtMs,
      durationMs: this.#clock.nowMs() - this.#startMs,
      adjustments: [],
      ...how,
    });
  }
}

function outcomeOf({ code }: ProviderError): AttemptRecord["outcome"] {
  if (code === "cancelled") return "cancelled";
  return code === "stream_interrupted" ? "truncated" : "errored";
}

function callersFault(): ProviderError {
  return new ProviderError({
    code: "cancelled",
    message: "The caller's body ended before it was complete.",
    origin: "caller",
  });
}
