import type { Clock } from "../clock.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { Timeouts } from "../routing/deployment.ts";

type Expectation = keyof Timeouts;

const sentences: Readonly<Record<Expectation, string>> = {
  firstTokenMs: "The provider did not begin to answer",
  idleMs: "The provider went silent in the middle of the answer",
  attemptMs: "The provider did not finish the answer",
};

/** The clocks of one attempt: the whole of it, the wait for its first token, the silence between reads. */
export class AttemptTimers {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #expire: (error: ProviderError) => void;
  readonly #cancels = new Map<Expectation, () => void>();

  constructor(clock: Clock, timeouts: Timeouts, expire: (error: ProviderError) => void) {
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#expire = expire;
  }

  start(expectation: Expectation): void {
    this.stop(expectation);
    const limitMs = this.#timeouts[expectation];
    const cancel = this.#clock.after(limitMs, () => this.#expire(timedOut(expectation, limitMs)));
    this.#cancels.set(expectation, cancel);
  }

  stop(expectation: Expectation): void {
    this.#cancels.get(expectation)?.();
    this.#cancels.delete(expectation);
  }

  stopAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}

function timedOut(expectation: Expectation, limitMs: number): ProviderError {
  return new ProviderError({
    code: expectation === "idleMs" ? "stream_interrupted" : "attempt_timeout",
    message: `${sentences[expectation]} within ${limitMs} ms.`,
    origin: "upstream",
    failure: "sent_unknown",
  });
}
