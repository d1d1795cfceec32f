import type { IncomingMessage, ServerResponse } from "node:http";
import { ClientGone, ShuttingDown } from "./abort-reasons.ts";
import { acceptRequest, type AcceptedRequest } from "./inbound-request.ts";
import { identityHeaders } from "./refusal-answer.ts";
import { newRequestId } from "./request-id.ts";
import { RequestRefusal } from "./request-refusal.ts";
import { type AnswerOutcome, type AnswerStage, ServerResponder } from "./responder.ts";
import type { ServerContext } from "./server-context.ts";

export interface ExchangeMeans {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly context: ServerContext;
  /** Called when the answer is the connection's last; `withLinger` when the client may still be sending. */
  readonly closeAfterAnswer: (how: { withLinger: boolean }) => void;
}

/** One request and its answer. */
export class Exchange {
  readonly id: string;
  readonly #means: ExchangeMeans;
  readonly #responder: ServerResponder;
  readonly #abortController = new AbortController();
  #request: AcceptedRequest | undefined;
  /** What the exchange answered by itself. */
  #refused: { status: number; code: string } | undefined;

  constructor(means: ExchangeMeans) {
    this.id = newRequestId(means.context.random);
    this.#means = means;
    this.#responder = new ServerResponder(means.outgoing, {
      identity: () => identityHeaders(this.id, this.#request?.header("x-portkey-trace-id") || this.id),
      endsConnection: () => this.#endsConnection(),
    });
  }

  get answerStage(): AnswerStage {
    return this.#responder.stage;
  }

  /** Whether the client has not yet sent all of it. */
  get isArriving(): boolean {
    return !this.#means.incoming.complete;
  }

  get outcome(): Promise<AnswerOutcome> {
    return this.#responder.outcome;
  }

  /** Never throws: whatever goes wrong becomes an answer, a closed connection, or a report. */
  async run(): Promise<void> {
    const { context, incoming } = this.#means;
    context.exchanges.add(this);
    await this.#serve();
    const delivery = await this.#responder.outcome;
    context.exchanges.delete(this);
    if (this.#refused === undefined) return;
    context.onRefused({ requestId: this.id, method: incoming.method, ...this.#refused, delivery });
  }

  /** No answer can reach the client any more. */
  abandon(): void {
    this.#responder.abandon();
    this.#abortController.abort(new ClientGone());
  }

  /** The grace of a shutdown has passed: the handler may write a last word. */
  shutDown(): void {
    this.#abortController.abort(new ShuttingDown());
  }

  async #serve(): Promise<void> {
    try {
      this.#request = this.#accept();
      await this.#means.context.handler(this.#request, this.#responder);
      if (!this.#responder.isConcluded) throw new Error("the handler returned before its answer had ended");
    } catch (error) {
      this.#fail(error);
    }
  }

  #accept(): AcceptedRequest {
    const { incoming, outgoing, context } = this.#means;
    const { signal } = this.#abortController;
    const request = acceptRequest(incoming, { id: this.id, signal, limits: context.limits, outgoing });
    if (context.phase === "ending") throw new ShuttingDown();
    return request;
  }

  #fail(error: unknown): void {
    const isForClient = error instanceof RequestRefusal && !this.#responder.isStarted;
    if (!isForClient && !this.#isAftermath(error)) this.#means.context.onInternalError(error, this.id);
    if (this.#responder.isStarted) {
      this.#responder.destroy();
    } else {
      const { status, headers, body } = this.#means.context.encodeRefusal(error, this.id);
      this.#refused = { status, code: isForClient ? error.code : "internal" };
      this.#responder.send(status, { ...headers }, body);
    }
  }

  /** Whether the error is only the echo of an abort, in which nobody has to look for a mistake. */
  #isAftermath(error: unknown): boolean {
    if (!this.#abortController.signal.aborted) return false;
    if (error === this.#abortController.signal.reason || error instanceof RequestRefusal) return true;
    return error instanceof Error && error.name === "AbortError";
  }

  /** A refusal before the request was accepted leaves in doubt where the next one would begin. */
  #endsConnection(): boolean {
    const withLinger = this.#request?.hasLeftOverBody ?? true;
    const ends = withLinger || this.#means.context.phase !== "serving";
    if (ends) this.#means.closeAfterAnswer({ withLinger });
    return ends;
  }
}
