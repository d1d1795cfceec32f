import type { Clock } from "../clock.ts";
import type { Lease, LeaseBook } from "../balancing/lease.ts";
import type { AttemptTally } from "../balancing/target-state.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import { ProviderError, toProviderError } from "../contract/provider-error.ts";
import type { Usage } from "../contract/usage.ts";
import { defaultTimeouts } from "../routing/deployment.ts";
import type { Deployment } from "../routing/deployment.ts";
import type { StreamOutcome } from "../stream/stream-progress.ts";
import { Exchange } from "../transport/exchange.ts";
import { TransportError } from "../transport/transport.ts";
import type { Transport } from "../transport/transport.ts";
import type { AttemptRecord } from "./attempt-record.ts";
import { AttemptTimers } from "./attempt-timers.ts";
import { credentialHeader } from "./prepare-attempt.ts";
import type { PreparedAttempt } from "./prepare-attempt.ts";
import { redactSecret } from "./redact-secret.ts";
import { transportFailure } from "./transport-failure.ts";

/** What an attempt needs of the world. */
export interface AttemptMeans {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly leases: LeaseBook;
  /** Attempts that have not ended; closing the router ends them. */
  readonly runs: Set<AttemptRun>;
}

export interface AttemptJob {
  readonly number: number;
  readonly deployment: Deployment;
  /** The books of the target; absent where nobody keeps any. */
  readonly tally?: AttemptTally;
  /** An earlier attempt may have done the work, and charged for it. */
  readonly possibleDoubleCharge?: boolean;
  /** Aborted with a ProviderError as its reason: the caller left, or the request's time is over. */
  readonly signal: AbortSignal;
  readonly onRecord: (record: AttemptRecord) => void;
}

/**
 * The life of one attempt: takes a lease, sends, keeps the time, and files exactly one record however it
 * ends.
 */
export class AttemptRun {
  readonly timers: AttemptTimers;
  adjustments: readonly Adjustment[] = [];
  upstreamStatus: number | undefined;
  usage: Usage | undefined;
  readonly #means: AttemptMeans;
  readonly #job: AttemptJob;
  readonly #lease: Lease;
  readonly #startedAtMs: number;
  readonly #startMs: number;
  #exchange: Exchange | undefined;
  #firstTokenMs: number | undefined;
  #failure: ProviderError | undefined;
  #isOver = false;

  constructor(means: AttemptMeans, job: AttemptJob) {
    this.#means = means;
    this.#job = job;
    means.runs.add(this);
    this.#lease = means.leases.take(job.deployment.id);
    this.#startedAtMs = means.clock.wallMs();
    this.#startMs = means.clock.nowMs();
    const timeouts = { ...defaultTimeouts, ...job.deployment.timeouts };
    this.timers = new AttemptTimers(means.clock, timeouts, (error) => this.#expire(error));
  }

  get isCommitted(): boolean {
    return this.#firstTokenMs !== undefined;
  }

  send(prepared: PreparedAttempt): Exchange {
    const { signal, deployment } = this.#job;
    signal.throwIfAborted();
    const timeouts = { ...defaultTimeouts, ...deployment.timeouts };
    const exchange = Exchange.start(this.#means.transport, {
      origin: prepared.origin,
      path: prepared.path,
      method: prepared.method,
      headers: { ...prepared.headers, ...credentialHeader(deployment.provider) },
      body: prepared.body,
      // The engine's own timers are the precise ones; the transport's are the backstop behind them.
      headersTimeoutMs: timeouts.attemptMs + 5_000,
      idleTimeoutMs: timeouts.attemptMs + 5_000,
    });
    this.#exchange = exchange;
    this.timers.start("attemptMs");
    signal.addEventListener("abort", this.#onAbort, { once: true });
    return exchange;
  }

  /** The first meaningful chunk is here: from now on this attempt is the answer. */
  commit(): void {
    this.timers.stop("firstTokenMs");
    this.#firstTokenMs = this.#means.clock.nowMs() - this.#startMs;
    this.#job.tally?.began(this.#firstTokenMs);
  }

  complete(): void {
    if (this.#isOver) return;
    this.#end("complete");
    this.#exchange?.drain(this.#means.clock);
  }

  /** The reader left before the end. */
  abandon(): void {
    if (!this.#isOver) this.fail(unread("The caller stopped reading."));
  }

  /** Ends the attempt unless it is over; gives the error as the caller may see it, the same one every time. */
  fail(thrown: unknown): ProviderError {
    if (this.#failure !== undefined) return this.#failure;
    const error = this.#describe(thrown);
    if (this.#isOver) return error;
    this.#failure = error;
    this.#exchange?.fail(error);
    this.#end(outcomeOf(error), error);
    return error;
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  // The attempt itself ends here, not the read that notices: perhaps nobody is reading.
  readonly #onAbort = (): void => {
    this.fail(this.#job.signal.reason);
  };

  /** A reader who stays away is not the provider's failure. */
  #expire(error: ProviderError): void {
    const isReaderAway = this.isCommitted && this.#exchange?.isAwaited === false;
    this.fail(isReaderAway ? unread("The caller did not read the answer in time.") : error);
  }

  #describe(thrown: unknown): ProviderError {
    const { provider, modelId } = this.#job.deployment;
    const error =
      thrown instanceof TransportError
        ? transportFailure(thrown, provider.adapter.id, this.upstreamStatus !== undefined)
        : toProviderError(thrown);
    const sent = this.#exchange === undefined ? "not_sent" : "sent_unknown";
    return error.with({
      providerId: provider.adapter.id,
      modelId,
      message: redactSecret(error.message, provider.apiKey),
      failure: this.isCommitted ? "committed" : (error.facts.failure ?? sent),
    });
  }

  #end(outcome: StreamOutcome, error?: ProviderError): void {
    this.#isOver = true;
    this.#means.runs.delete(this);
    this.timers.stopAll();
    this.#job.signal.removeEventListener("abort", this.#onAbort);
    this.#lease.settle({ outcome, ...(error && { errorCode: error.code }) });
    const record = this.#record(outcome, error);
    this.#job.tally?.ended(record);
    this.#job.onRecord(record);
  }

  #record(outcome: StreamOutcome, error: ProviderError | undefined): AttemptRecord {
    const { number, deployment } = this.#job;
    return {
      number,
      deploymentId: deployment.id,
      credentialOwner: deployment.credentialOwner,
      providerId: deployment.provider.adapter.id,
      modelId: deployment.modelId,
      startedAtMs: this.#startedAtMs,
      durationMs: this.#means.clock.nowMs() - this.#startMs,
      outcome,
      adjustments: this.adjustments,
      ...(this.#job.possibleDoubleCharge === true && { possibleDoubleCharge: true as const }),
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      ...(error && { error }),
      ...(this.upstreamStatus !== undefined && { upstreamStatus: this.upstreamStatus }),
      ...(this.usage && { usage: this.usage }),
    };
  }
}

function outcomeOf(error: ProviderError): StreamOutcome {
  if (error.code === "cancelled") return "cancelled";
  return error.code === "stream_interrupted" ? "truncated" : "errored";
}

function unread(message: string): ProviderError {
  return new ProviderError({ code: "cancelled", message, origin: "caller" });
}
