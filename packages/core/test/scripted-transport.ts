import { Buffer } from "node:buffer";
import type { Clock } from "../src/lib/clock.ts";
import type {
  Transport,
  TransportCall,
  TransportError,
  TransportReceiver,
  TransportRequest,
} from "../src/transport.ts";

/** What the other side does next; a script that stops before `end` or `error` is a stall. */
export type Step =
  | { readonly head: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly data: string | Uint8Array }
  | { readonly waitMs: number }
  | { readonly error: TransportError }
  | "end";

/** A provider without a network: each request gets the next script, the last one again and again. */
export class ScriptedTransport implements Transport {
  readonly calls: ScriptedCall[] = [];
  readonly #clock: Clock;
  readonly #scripts: readonly (readonly Step[])[];

  constructor(clock: Clock, ...scripts: readonly (readonly Step[])[]) {
    this.#clock = clock;
    this.#scripts = scripts;
  }

  get requests(): readonly TransportRequest[] {
    return this.calls.map(({ request }) => request);
  }

  dispatch(request: TransportRequest, receiver: TransportReceiver): TransportCall {
    const script = this.#scripts[Math.min(this.calls.length, this.#scripts.length - 1)] ?? [];
    const call = new ScriptedCall(this.#clock, request, receiver, script);
    this.calls.push(call);
    queueMicrotask(() => call.run());
    return call;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class ScriptedCall implements TransportCall {
  readonly request: TransportRequest;
  isAborted = false;
  isPaused = false;
  readonly #clock: Clock;
  readonly #receiver: TransportReceiver;
  readonly #steps: Step[];
  #cancelWait: (() => void) | undefined;
  #isWaiting = false;

  constructor(clock: Clock, request: TransportRequest, receiver: TransportReceiver, script: readonly Step[]) {
    this.#clock = clock;
    this.request = request;
    this.#receiver = receiver;
    this.#steps = [...script];
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.run();
  }

  abort(): void {
    this.isAborted = true;
    this.#cancelWait?.();
  }

  run(): void {
    while (!this.isAborted && !this.isPaused && !this.#isWaiting) {
      const step = this.#steps.shift();
      if (step === undefined) return;
      this.#perform(step);
    }
  }

  #perform(step: Step): void {
    if (step === "end") this.#receiver.onEnd();
    else if ("head" in step) this.#receiver.onHeaders(step.head, step.headers ?? {});
    else if ("data" in step) this.#receiver.onData(Buffer.from(step.data));
    else if ("error" in step) this.#receiver.onError(step.error);
    else this.#wait(step.waitMs);
  }

  #wait(waitMs: number): void {
    this.#isWaiting = true;
    this.#cancelWait = this.#clock.after(waitMs, () => {
      this.#isWaiting = false;
      this.run();
    });
  }
}
