import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Exchange } from "./exchange.ts";
import { linger } from "./linger.ts";
import { parserRefusal, type ParserError } from "./parser-refusal.ts";
import { rawRefusal } from "./refusal-answer.ts";
import { newRequestId } from "./request-id.ts";
import type { RequestRefusal } from "./request-refusal.ts";
import type { ServerContext } from "./server-context.ts";

/**
 * One client connection. Requests sent ahead of their answers wait for their turn, so that none is begun, and paid for,
 * behind an answer that turns out to be the connection's last.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #context: ServerContext;
  readonly #waiting: Exchange[] = [];
  #current: Exchange | undefined;
  #isClosing = false;
  #bytesReadWhenIdle = 0;

  constructor(socket: Socket, context: ServerContext) {
    this.#socket = socket;
    this.#context = context;
    context.connections.add(this);
    socket.once("close", () => this.#closed());
  }

  /** Nothing is being answered, and no part of a next request has arrived. */
  get isIdle(): boolean {
    return (
      !this.#isClosing && this.#current === undefined && this.#socket.bytesRead === this.#bytesReadWhenIdle
    );
  }

  take(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (this.#isClosing) {
      incoming.resume();
      return;
    }
    const context = this.#context;
    const closeAfterAnswer = (how: { withLinger: boolean }) => this.#closeAfterAnswer(how);
    const exchange = new Exchange({ incoming, outgoing, context, closeAfterAnswer });
    if (this.#current === undefined) this.#start(exchange);
    else if (this.#waiting.length < context.limits.maxPipelinedRequests) this.#waiting.push(exchange);
    else this.destroy();
  }

  /** Bytes that are no request, a request that did not arrive in time, or an error of the socket. */
  refuseInput(error: ParserError): void {
    if (this.#isPastCaring(error)) return;
    const refusal = parserRefusal(error, this.#context.limits.maxTargetBytes);
    const isUnanswered = this.#current === undefined || this.#current.answerStage === "unanswered";
    if (refusal === undefined || !isUnanswered || this.#socket.bytesRead === 0 || !this.#socket.writable) {
      this.destroy();
      return;
    }
    // A body that breaks off is its own request's end, and that one's handler tells of it.
    const broken = this.#current?.isArriving === true ? this.#current : undefined;
    this.#abandonAll();
    if (broken === undefined) this.refuse(refusal);
    else this.#sayLast(refusal, broken.id);
  }

  /** What follows the last request of a connection is dropped, whether the client or we announced it as the last. */
  #isPastCaring(error: ParserError): boolean {
    if (error.code === "HPE_CLOSED_CONNECTION") return true;
    return this.#isClosing && (this.#current === undefined || this.#current.answerStage === "concluded");
  }

  /** Answers what was not recognised as a request. */
  refuse(refusal: RequestRefusal, method?: string): void {
    const { random, onRefused } = this.#context;
    const requestId = newRequestId(random);
    this.#sayLast(refusal, requestId);
    const { status, code } = refusal;
    onRefused({ requestId, method, status, code, delivery: "sent" });
  }

  /** Writes the bytes of a last answer past Node's own machinery. */
  #sayLast(refusal: RequestRefusal, requestId: string): void {
    this.#isClosing = true;
    this.#socket.write(rawRefusal(refusal, requestId, this.#context.encodeRefusal));
    linger(this.#socket, this.#context.clock, this.#context.limits.lingerMs);
  }

  /** Neither side moved a byte for as long as Node's timer was set to. */
  timedOut(): void {
    if (this.#current === undefined || this.#socket.writableLength > 0) this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #start(exchange: Exchange): void {
    this.#current = exchange;
    void exchange.run();
    void exchange.outcome.then(() => this.#next());
  }

  #next(): void {
    this.#current = undefined;
    this.#bytesReadWhenIdle = this.#socket.bytesRead;
    const next = this.#isClosing ? undefined : this.#waiting.shift();
    if (next !== undefined) this.#start(next);
  }

  #closeAfterAnswer({ withLinger }: { withLinger: boolean }): void {
    this.#isClosing = true;
    if (!withLinger) return;
    const { clock, limits } = this.#context;
    // What Node calls when the last answer of a connection was written.
    this.#socket.destroySoon = () => linger(this.#socket, clock, limits.lingerMs);
  }

  #abandonAll(): void {
    this.#waiting.length = 0;
    this.#current?.abandon();
  }

  #closed(): void {
    this.#isClosing = true;
    this.#abandonAll();
    this.#context.connections.delete(this);
  }
}
