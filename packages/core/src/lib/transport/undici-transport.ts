import { Readable } from "node:stream";
import { errors, Pool } from "undici";
import type { Dispatcher } from "undici";
import { classifyNetworkError } from "./classify-network-error.ts";
import { TransportError } from "./transport.ts";
import type { Transport, TransportCall, TransportReceiver, TransportRequest } from "./transport.ts";

export interface UndiciTransportOptions {
  /** Most connections per origin; requests beyond it wait. */
  readonly connectionsPerOrigin?: number;
  /** Most origins kept at once; the one longest idle is closed to make room. */
  readonly maxOrigins?: number;
  readonly connectTimeoutMs?: number;
}

/**
 * Everything outbound, over undici's `Pool.dispatch`. HTTP/1.1 only (`allowH2` is on by default in undici 8,
 * and 2026 saw several h2 leaks), one explicit pool per origin, no redirects, no retries: those belong to
 * the engine.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): Transport {
  const pools = new OriginPools(options);
  return {
    dispatch: (request, receiver) => {
      const call = new UndiciCall(receiver);
      const pool = pools.of(request.origin);
      if (pool === undefined) call.refuse(new errors.ClientClosedError());
      else pool.dispatch(dispatchOptions(request), call);
      return call;
    },
    close: () => pools.close(),
  };
}

function dispatchOptions(request: TransportRequest): Dispatcher.DispatchOptions {
  return {
    path: request.path,
    method: request.method,
    headers: { ...request.headers },
    body: outboundBody(request.body),
    headersTimeout: undiciTimeout(request.headersTimeoutMs),
    bodyTimeout: undiciTimeout(request.idleTimeoutMs),
    // A POST is sent on any free connection: without pipelining, idempotence decides nothing else.
    idempotent: true,
  };
}

/** undici writes "no limit" as 0, and refuses Infinity. */
function undiciTimeout(limitMs: number): number {
  return Number.isFinite(limitMs) ? limitMs : 0;
}

function outboundBody(body: TransportRequest["body"]): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  return Readable.from(body, { objectMode: false });
}

class OriginPools {
  readonly #options: UndiciTransportOptions;
  /** In order of last use. */
  readonly #pools = new Map<string, Pool>();
  #closing: Promise<unknown> | undefined;

  constructor(options: UndiciTransportOptions) {
    this.#options = options;
  }

  /** None once closed. */
  of(origin: string): Pool | undefined {
    if (this.#closing !== undefined) return undefined;
    const known = this.#pools.get(origin);
    const pool = known ?? this.#create(origin);
    if (known !== undefined) this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    return pool;
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.#closing;
  }

  #create(origin: string): Pool {
    this.#makeRoom();
    return new Pool(origin, {
      connections: this.#options.connectionsPerOrigin ?? 256,
      allowH2: false,
      pipelining: 1,
      connect: { timeout: this.#options.connectTimeoutMs ?? 5_000 },
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      strictContentLength: true,
    });
  }

  #makeRoom(): void {
    const limit = this.#options.maxOrigins ?? 1_000;
    for (const [origin, pool] of this.#pools) {
      if (this.#pools.size < limit) return;
      // `pending` counts what is queued too.
      if (pool.stats.running + pool.stats.pending > 0) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }
}

/** One request under way: undici's handler on one side, our receiver on the other. */
class UndiciCall implements TransportCall, Dispatcher.DispatchHandler {
  readonly #receiver: TransportReceiver;
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;

  constructor(receiver: TransportReceiver) {
    this.#receiver = receiver;
  }

  /** Ends the call before it began. */
  refuse(error: Error): void {
    this.#isOver = true;
    this.#receiver.onError(classifyNetworkError(error));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#isOver = true;
    // Still queued or connecting: onRequestStart will find isOver set.
    this.#controller?.abort(aborted());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(aborted());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx answers come before the real one.
    if (this.#isOver || status < 200) return;
    this.#receiver.onHeaders(status, joinHeaders(headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (!this.#isOver) this.#receiver.onData(bytes);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#receiver.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#receiver.onError(classifyNetworkError(error));
  }
}

function aborted(): TransportError {
  return new TransportError("reset", "sent_unknown", "aborted by the caller");
}

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  // fromEntries defines properties: a header called __proto__ stays a header.
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
