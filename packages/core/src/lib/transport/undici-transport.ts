import { Readable } from "node:stream";
import { errors, Pool } from "undici";
import type { Dispatcher } from "undici";
import { classifyNetworkError } from "./classify-network-error.ts";
import { TransportError } from "./transport.ts";
import type { Transport, TransportCall, TransportReceiver, TransportRequest } from "./transport.ts";

export interface UndiciTransportOptions {
  /**
   * Most requests under way per origin, each on a connection of its own; one more is refused at once. Waiting
   * here would look like a provider that is slow.
   */
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
      const origin = pools.of(request.origin);
      const call = new UndiciCall(receiver, origin);
      if (origin === undefined) call.refuse(classifyNetworkError(new errors.ClientClosedError()));
      else if (origin.isFull) call.refuse(saturated(origin.limit));
      else call.start(dispatchOptions(request));
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

function saturated(limit: number): TransportError {
  const message = `has all of its ${limit} connections from here in use`;
  return new TransportError("saturated", "not_sent", message);
}

/** The connections to one origin, and how many requests are on them. */
class OriginPool {
  readonly pool: Pool;
  readonly limit: number;
  underWay = 0;

  constructor(pool: Pool, limit: number) {
    this.pool = pool;
    this.limit = limit;
  }

  get isFull(): boolean {
    return this.underWay >= this.limit;
  }
}

class OriginPools {
  readonly #options: UndiciTransportOptions;
  /** In order of last use. */
  readonly #pools = new Map<string, OriginPool>();
  #closing: Promise<unknown> | undefined;

  constructor(options: UndiciTransportOptions) {
    this.#options = options;
  }

  /** None once closed. */
  of(origin: string): OriginPool | undefined {
    if (this.#closing !== undefined) return undefined;
    const known = this.#pools.get(origin);
    const pool = known ?? this.#create(origin);
    if (known !== undefined) this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    return pool;
  }

  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#pools.values()].map(({ pool }) => pool.close()));
    await this.#closing;
  }

  #create(origin: string): OriginPool {
    this.#makeRoom();
    const connections = this.#options.connectionsPerOrigin ?? 2_048;
    const pool = new Pool(origin, {
      connections,
      allowH2: false,
      pipelining: 1,
      connect: { timeout: this.#options.connectTimeoutMs ?? 5_000 },
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      strictContentLength: true,
    });
    return new OriginPool(pool, connections);
  }

  #makeRoom(): void {
    const limit = this.#options.maxOrigins ?? 1_000;
    for (const [name, { pool, underWay }] of this.#pools) {
      if (this.#pools.size < limit) return;
      if (underWay > 0) continue;
      this.#pools.delete(name);
      void pool.close();
    }
  }
}

/** One request under way: undici's handler on one side, our receiver on the other. */
class UndiciCall implements TransportCall, Dispatcher.DispatchHandler {
  readonly #receiver: TransportReceiver;
  readonly #origin: OriginPool | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** The receiver hears nothing more; the connection may still be busy with the rest. */
  #isOver = false;

  constructor(receiver: TransportReceiver, origin: OriginPool | undefined) {
    this.#receiver = receiver;
    this.#origin = origin;
  }

  start(options: Dispatcher.DispatchOptions): void {
    if (this.#origin === undefined) return;
    this.#origin.underWay++;
    this.#origin.pool.dispatch(options, this);
  }

  /** Ends the call before it began. */
  refuse(error: TransportError): void {
    this.#isOver = true;
    this.#receiver.onError(error);
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
    this.#leave();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#receiver.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#leave();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#receiver.onError(classifyNetworkError(error));
  }

  /** undici says exactly once that it is done with a request, aborted ones included. */
  #leave(): void {
    if (this.#origin !== undefined) this.#origin.underWay--;
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
