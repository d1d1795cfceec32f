import type { DecodedChunk } from "../contract/provider-adapter.ts";
import type { AttemptRun } from "./attempt-run.ts";

type Result = IteratorResult<DecodedChunk, undefined>;

/**
 * A stream past its commit point. Reading it to the end completes the attempt, an error in it fails the
 * attempt, leaving it early cancels the provider's work at once.
 *
 * An iterator of its own rather than a generator: a generator that was never started does not run its
 * `finally` when the caller leaves.
 */
export class CommittedStream implements AsyncIterableIterator<DecodedChunk, undefined> {
  readonly #run: AttemptRun;
  readonly #held: DecodedChunk[];
  readonly #rest: AsyncIterator<DecodedChunk, void>;

  constructor(run: AttemptRun, held: DecodedChunk[], rest: AsyncIterator<DecodedChunk, void>) {
    this.#run = run;
    this.#held = held;
    this.#rest = rest;
  }

  /** Throws ProviderError `stream_interrupted` when the stream broke: what was read is then not the answer. */
  async next(): Promise<Result> {
    const held = this.#held.shift();
    if (held !== undefined) return { done: false, value: held };
    try {
      const next = await this.#rest.next();
      if (next.done !== true) return { done: false, value: next.value };
    } catch (thrown) {
      throw this.#run.fail(thrown);
    }
    this.#run.complete();
    return { done: true, value: undefined };
  }

  return(): Promise<Result> {
    this.#run.abandon();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
