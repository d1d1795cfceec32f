import type { IncomingMessage } from "node:http";
import { ShuttingDown } from "./abort-reasons.ts";
import type { BodyFraming } from "./body-framing.ts";
import { RequestRefusal } from "./request-refusal.ts";

/** A body nobody read is dropped up to this size to keep its connection; beyond it the connection is the cheaper loss. */
const droppableBytes = 64 * 1024;

export interface InboundBodySource {
  readonly incoming: IncomingMessage;
  readonly framing: BodyFraming;
  readonly contentEncoding: string | undefined;
  readonly signal: AbortSignal;
  /** Tells the client to go on; undefined when it does not wait for that. */
  readonly sendContinue: (() => void) | undefined;
}

/** The body of one request, taken at most once. */
export class InboundBody {
  readonly #source: InboundBodySource;
  #isTaken = false;

  constructor(source: InboundBodySource) {
    this.#source = source;
  }

  /** Whether more of it may arrive than is worth dropping, or the client may or may not send it at all. */
  get isLeftOver(): boolean {
    const { framing, incoming, sendContinue } = this.#source;
    if (framing.kind === "none" || incoming.complete) return false;
    if (sendContinue !== undefined && !this.#isTaken) return true;
    return framing.kind === "chunked" || framing.bytes > droppableBytes;
  }

  async read(limitBytes: number): Promise<Buffer> {
    const { framing } = this.#source;
    if (framing.kind === "length" && framing.bytes > limitBytes) throw tooLarge(limitBytes);
    this.#take();
    return framing.kind === "none" ? Buffer.alloc(0) : collect(this.#source, limitBytes);
  }

  async *stream(): AsyncGenerator<Uint8Array, void> {
    this.#take();
    if (this.#source.framing.kind !== "none") yield* chunks(this.#source);
  }

  #take(): void {
    const { contentEncoding = "identity", sendContinue, signal } = this.#source;
    if (this.#isTaken) throw new Error("the request body was already taken");
    if (contentEncoding.toLowerCase() !== "identity") throw encoded();
    if (signal.aborted) throw cutShort(signal);
    this.#isTaken = true;
    sendContinue?.();
  }
}

function collect({ incoming, signal }: InboundBodySource, limitBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const parts: Buffer[] = [];
  let size = 0;
  const stop = () => {
    incoming.off("data", onData).off("end", onEnd);
    signal.removeEventListener("abort", onAbort);
  };
  const fail = (error: Error) => {
    stop();
    incoming.resume();
    reject(error);
  };
  const onData = (part: Buffer) => {
    size += part.length;
    if (size > limitBytes) fail(tooLarge(limitBytes));
    else parts.push(part);
  };
  const onEnd = () => {
    stop();
    const [only, ...others] = parts;
    resolve(only !== undefined && others.length === 0 ? only : Buffer.concat(parts, size));
  };
  const onAbort = () => fail(cutShort(signal));
  signal.addEventListener("abort", onAbort);
  incoming.on("data", onData).on("end", onEnd);
  return promise;
}

/** Pulls, so that a consumer that takes its time holds back the client's socket. */
async function* chunks({ incoming, signal }: InboundBodySource): AsyncGenerator<Uint8Array, void> {
  try {
    while (!incoming.readableEnded) {
      if (signal.aborted) throw cutShort(signal);
      // Typed `any` by Node; without an encoding set, a stream of bytes yields Buffers or null.
      const part = incoming.read() as Buffer | null;
      if (part === null) await somethingNew(incoming, signal);
      else yield part;
    }
  } finally {
    // What a consumer leaves unread must not hold up the connection.
    incoming.resume();
  }
}

function somethingNew(incoming: IncomingMessage, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => {
    incoming.off("readable", wake).off("end", wake);
    signal.removeEventListener("abort", wake);
    resolve();
  };
  incoming.on("readable", wake).on("end", wake);
  signal.addEventListener("abort", wake);
  return promise;
}

function tooLarge(limitBytes: number): RequestRefusal {
  const message = `The request body is larger than the limit of ${limitBytes} bytes.`;
  return new RequestRefusal(413, "request_too_large", message);
}

function encoded(): RequestRefusal {
  const message = "A compressed request body is not accepted; send it with no Content-Encoding.";
  return new RequestRefusal(415, "unsupported_content_encoding", message, "content-encoding");
}

function cutShort(signal: AbortSignal): Error {
  if (signal.reason instanceof ShuttingDown) return signal.reason;
  return new RequestRefusal(400, "body_incomplete", "The connection ended before the request body did.");
}
