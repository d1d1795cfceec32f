import type { IncomingHttpHeaders } from "node:http";

/** One request the simulator received, and what became of it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly receivedAtMs: number;
  /** The body as received; empty for multipart uploads, whose files are not kept twice. */
  readonly body: Buffer;
  /** The body parsed as JSON, or undefined where it is none. */
  readonly json: unknown;
  readonly answer: SentAnswer;
}

export interface SentAnswer {
  /** Undefined until the first byte goes out. */
  readonly status: number | undefined;
  /** Bytes of body handed to the socket. */
  readonly bytesSent: number;
  /** When the whole answer had gone out; undefined while it goes, and for ever after a cut or an abort. */
  readonly finishedAtMs: number | undefined;
  /** When the client went away before it had the whole answer. */
  readonly clientAbortedAtMs: number | undefined;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** The same record while it is being written. */
export interface LedgerEntry extends Omit<Writable<ReceivedRequest>, "answer"> {
  readonly answer: Writable<SentAnswer>;
}
