import type {
  Transport,
  TransportCall,
  TransportError,
  TransportReceiver,
  TransportRequest,
} from "./transport.ts";

export interface UpstreamHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes held for a slow reader before the upstream socket is paused. */
const highWaterBytes = 64 * 1024;
/** Bytes thrown away to let a finished connection be used again; more than that and it is closed. */
const drainLimitBytes = 64 * 1024;

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

  constructor() {
    this.#settleHead = Promise.withResolvers();
    this.head = this.#settleHead.promise;
    // A failure before anybody waits for the head is reported by the read that follows.
    this.head.catch(() => {});
  }

  static start(transport: Transport, request: TransportRequest): Exchange {
    const exchange = new Exchange();
    exchange.#call = transport.dispatch(request, exchange);
    return exchange;
  }

  onHeaders(status: number, headers: Readonly<Record<string, string>>): void {
    this.#settleHead.resolve({ status, headers });
  }

  onData(bytes: Uint8Array): void {
    if (this.#drained !== undefined) return this.#discard(bytes.length);
    if (this.#end !== "open") return;
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

  /** Reads on without a reader, so that the connection can serve the next request. */
  drain(): void {
    this.#queue = [];
    this.#drained = 0;
    if (this.#end === "open") this.#resume();
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
    if (this.#drained > drainLimitBytes) this.#call?.abort();
  }

  #finish(end: "ended" | { error: unknown }): void {
    if (this.#end !== "open") return;
    this.#end = end;
    if (end !== "ended") this.#settleHead.reject(end.error);
    this.#signal();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
