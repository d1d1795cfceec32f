import type { ServerResponse } from "node:http";

/** How a client is answered: once, whole or as a stream. Header names are lower-case. */
export interface Responder {
  /** Whether an answer was begun, and no other can be given. */
  readonly isStarted: boolean;
  /** Answers whole; sets content-length. Does nothing when the client has left. */
  send(status: number, headers: Record<string, string>, body: string | Uint8Array): void;
  /** Puts status and headers on the wire at once. */
  startStream(status: number, headers: Record<string, string>): StreamWriter;
  /** Settles when the answer was handed to the socket completely, or will never be: the client left or was cut off. */
  readonly outcome: Promise<AnswerOutcome>;
}

export type AnswerOutcome = "sent" | "client_gone";

/** `concluded`: nothing more will come from the handler, though bytes may still be on their way. */
export type AnswerStage = "unanswered" | "streaming" | "concluded";

/** A streamed answer. Every call is harmless after the client has left. */
export interface StreamWriter {
  /** Returns undefined when the socket takes more, or a promise that resolves when it does or the client leaves. */
  write(piece: string | Uint8Array): Promise<void> | undefined;
  /** Ends the answer well. */
  end(): void;
  /** Closes the connection behind what was written, without the end mark: the client sees an incomplete answer. */
  destroy(): void;
}

export interface AnswerContext {
  /** Headers of every answer; the handler's own of the same name win. */
  identity(): Record<string, string>;
  /** Asked once, when the headers are written. */
  endsConnection(): boolean;
}

export class ServerResponder implements Responder, StreamWriter {
  readonly outcome: Promise<AnswerOutcome>;
  readonly #settleOutcome: (outcome: AnswerOutcome) => void;
  readonly #outgoing: ServerResponse;
  readonly #context: AnswerContext;
  #stage: AnswerStage = "unanswered";
  #isClientGone = false;
  #blocked: PromiseWithResolvers<void> | undefined;

  constructor(outgoing: ServerResponse, context: AnswerContext) {
    const { promise, resolve } = Promise.withResolvers<AnswerOutcome>();
    this.outcome = promise;
    this.#settleOutcome = resolve;
    this.#outgoing = outgoing;
    this.#context = context;
    outgoing.once("finish", () => this.#settleOutcome("sent"));
    // A write that meets a closed socket says so here; the connection tells the same story to `abandon`.
    outgoing.on("error", () => undefined);
  }

  get isStarted(): boolean {
    return this.#stage !== "unanswered";
  }

  get stage(): AnswerStage {
    return this.#stage;
  }

  /** Whether the handler has nothing left to do for the client. */
  get isConcluded(): boolean {
    return this.#stage === "concluded" || this.#isClientGone;
  }

  send(status: number, headers: Record<string, string>, body: string | Uint8Array): void {
    const length = status === 204 ? undefined : { "content-length": String(Buffer.byteLength(body)) };
    this.#writeHead(status, { ...headers, ...length });
    this.#stage = "concluded";
    if (!this.#isClientGone) this.#outgoing.end(body);
  }

  startStream(status: number, headers: Record<string, string>): StreamWriter {
    this.#writeHead(status, headers);
    this.#stage = "streaming";
    if (this.#isClientGone) return this;
    this.#outgoing.flushHeaders();
    this.#outgoing.on("drain", () => this.#unblock());
    return this;
  }

  write(piece: string | Uint8Array): Promise<void> | undefined {
    if (this.#isClientGone || piece.length === 0) return undefined;
    if (this.#stage !== "streaming") throw new Error("nothing can be written after the end of the answer");
    if (this.#outgoing.write(piece)) return undefined;
    this.#blocked ??= Promise.withResolvers();
    return this.#blocked.promise;
  }

  end(): void {
    if (this.isConcluded) return;
    this.#stage = "concluded";
    this.#outgoing.end();
  }

  destroy(): void {
    if (this.isConcluded) return;
    this.#stage = "concluded";
    const { socket, req } = this.#outgoing;
    // An answer to HTTP/1.0 ends where its connection ends: only a reset tells that it should have gone on.
    if (req.httpVersion === "1.1") socket?.destroySoon();
    else socket?.resetAndDestroy();
  }

  /** The connection can carry no answer any more. */
  abandon(): void {
    this.#isClientGone = true;
    this.#settleOutcome("client_gone");
    this.#unblock();
  }

  #writeHead(status: number, headers: Record<string, string>): void {
    if (this.isStarted) throw new Error("the request was already answered");
    if (this.#isClientGone) return;
    const closing = this.#context.endsConnection() ? { connection: "close" } : undefined;
    this.#outgoing.writeHead(status, { ...this.#context.identity(), ...headers, ...closing });
  }

  #unblock(): void {
    this.#blocked?.resolve();
    this.#blocked = undefined;
  }
}
