import type { Clock } from "../clock.ts";
import { TransportError } from "./transport.ts";
import type { Transport, TransportCall, TransportReceiver, TransportRequest } from "./transport.ts";

export interface UpstreamHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes held for a slow reader before the upstream socket is paused. */
const highWaterBytes = 64 * 1024;
/** What may still come after the end of an answer for the connection to be used again; beyond it, it is closed. */
const drainLimitBytes = 64 * 1024;
const drainLimitMs = 1_000;

/**
 * One request and its answer, pulled: the transport pushes, the engine reads at the reader's pace, and the
 * upstream socket is paused while it does not. `fail` ends it from outside, for timeouts and cancellation.
 */
export class Exchange implements TransportReceiver, AsyncIterable<Uint8Array> {
  readonly head: Promise<UpstreamHead>;
  #settleHead: PromiseWithResolvers<UpstreamHead>;
  #call: TransportCall | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isPaused = false;
  #end: "open" | "ended" | { error: unknown } = "open";
  #wake: (() => void) | undefined;
  #drained: number | undefined;
  #cancelDrainTimer: (() => void) | undefined;

  constructor() {
    this.#settleHead = Promise.withResolvers();
    this.head = this.#settleHead.promise;
    // A failure before anybody waits for the head is reported by the read that follows.
    this.head.catch(() => {});
  }

  static start(transport: Transport, request: TransportRequest): Exchange {
    const exchange = new Exchange();
    exchange.#call = transport.dispatch(request, exchange);
    // A transport may push before it returns, when there is nothing to pause yet.
    if (exchange.#isPaused) exchange.#call.pause();
    return exchange;
  }

  /** Whether a reader is waiting for bytes at this moment. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  onHeaders(status: number, headers: Readonly<Record<string, string>>): void {
    this.#settleHead.resolve({ status, headers });
  }

  onData(bytes: Uint8Array): void {
    if (this.#end !== "open") return;
    if (this.#drained !== undefined) return this.#discard(bytes.length);
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > highWaterBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.#call?.pause();
    }
    this.#signal();
  }

  onEnd(): void {
    this.#finish("ended");
  }

  onError(error: TransportError): void {
    this.#finish({ error });
  }

  /** Ends the exchange with this error for whoever reads, and closes the connection. */
  fail(error: unknown): void {
    if (this.#end !== "open") return;
    this.#call?.abort();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#finish({ error });
  }

  /** The next bytes, or undefined at the end of the body. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.#queue.shift();
      if (bytes !== undefined) return this.#handOver(bytes);
      if (this.#end === "ended") return undefined;
      if (this.#end !== "open") throw this.#end.error;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Reads on without a reader, so that the connection can serve the next request: a little, and not for long. */
  drain(clock: Clock): void {
    this.#queue = [];
    if (this.#end !== "open") return;
    this.#drained = 0;
    this.#cancelDrainTimer = clock.after(drainLimitMs, () => this.#giveUpDraining());
    this.#resume();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) yield bytes;
  }

  #handOver(bytes: Uint8Array): Uint8Array {
    this.#queuedBytes -= bytes.length;
    if (this.#queuedBytes <= highWaterBytes / 2) this.#resume();
    return bytes;
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#call?.resume();
  }

  #discard(count: number): void {
    this.#drained = (this.#drained ?? 0) + count;
    if (this.#drained > drainLimitBytes) this.#giveUpDraining();
  }

  #giveUpDraining(): void {
    this.#call?.abort();
    this.#finish("ended");
  }

  #finish(end: "ended" | { error: unknown }): void {
    if (this.#end !== "open") return;
    this.#end = end;
    this.#cancelDrainTimer?.();
    // Without effect once the head is there.
    this.#settleHead.reject(end === "ended" ? headless() : end.error);
    this.#signal();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function headless(): TransportError {
  return new TransportError("protocol", "sent_unknown", "ended the answer before it began");
}
