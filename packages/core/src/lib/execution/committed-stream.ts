import type { DecodedChunk } from "../contract/provider-adapter.ts";
import type { AttemptRun } from "./attempt-run.ts";

type Result = IteratorResult<DecodedChunk, undefined>;

const finished: Result = { done: true, value: undefined };

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
  #isOver = false;

  constructor(run: AttemptRun, held: DecodedChunk[], rest: AsyncIterator<DecodedChunk, void>) {
    this.#run = run;
    this.#held = held;
    this.#rest = rest;
  }

  /** Throws ProviderError `stream_interrupted` when the stream broke: what was read is then not the answer. */
  async next(): Promise<Result> {
    if (this.#isOver) return finished;
    try {
      // The attempt may have failed while nobody read: then what is left of it is not delivered any more.
      this.#run.throwIfFailed();
      const value = this.#held.shift() ?? (await this.#read());
      return value === undefined ? this.#finish() : { done: false, value };
    } catch (thrown) {
      this.#isOver = true;
      throw this.#run.fail(thrown);
    }
  }

  return(): Promise<Result> {
    this.#isOver = true;
    this.#run.abandon();
    return Promise.resolve(finished);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #read(): Promise<DecodedChunk | undefined> {
    const next = await this.#rest.next();
    return next.done === true ? undefined : next.value;
  }

  #finish(): Result {
    this.#run.throwIfFailed();
    this.#isOver = true;
    this.#run.complete();
    return finished;
  }
}
