import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Answer, AnswerHead, BrokenChunk, Interruption, Pace, Position } from "./answer.ts";

/** Changes an answer into a faulty one. */
export type Fault = (answer: Answer) => Answer;

/** The answer with these faults, applied from left to right. */
export function faulty(answer: Answer, ...faults: readonly Fault[]): Answer {
  return faults.reduce((changed, fault) => fault(changed), answer);
}

/** Ends the connection with FIN at that place. */
export const cutAt = (at: Position): Fault => interruptAt(at, { kind: "end", by: "fin" });

/** Ends the connection with RST at that place. */
export const resetAt = (at: Position): Fault => interruptAt(at, { kind: "end", by: "rst" });

/** Falls silent at that place: for `forMs`, or until the client or the server goes. */
export const stallAt = (at: Position, options: { readonly forMs?: number } = {}): Fault =>
  interruptAt(at, options.forMs === undefined ? { kind: "stall" } : { kind: "wait", forMs: options.forMs });

/** Sends the body in writes of `bytes`, in chunked framing one chunk each; `of: "wire"` splits headers and chunk sizes too. */
export const splitEvery = (bytes: number, options: { readonly of?: Pace["of"] } = {}): Fault =>
  paced({ of: options.of ?? "body", bytes, random: false, everyMs: 0 });

/** Sends the body in writes of 1 to `upToBytes`, sized by the server's seed and the request's number. */
export const splitRandomly = (upToBytes: number, options: { readonly of?: Pace["of"] } = {}): Fault =>
  paced({ of: options.of ?? "body", bytes: upToBytes, random: true, everyMs: 0 });

/** Sends `bytes` (1) at a time, `everyMs` apart: the body, the headers, or all of the wire. */
export const drip = (options: {
  readonly everyMs: number;
  readonly bytes?: number;
  readonly of?: Pace["of"];
}): Fault =>
  paced({ of: options.of ?? "body", bytes: options.bytes ?? 1, random: false, everyMs: options.everyMs });

/** FIN right after the last byte, or `afterMs` later, without a `Connection: close` that would announce it. */
export const closeAfter = (options: { readonly afterMs?: number } = {}): Fault =>
  endingBy("fin", options.afterMs);

/** RST right after the last byte, or `afterMs` later. */
export const resetAfter = (options: { readonly afterMs?: number } = {}): Fault =>
  endingBy("rst", options.afterMs);

/** Claims a `Content-Length` of `bytes` whatever the body is, then FIN. */
export const claimLength =
  (bytes: number): Fault =>
  (answer) =>
    closeAfter()(withHead(answer, { framing: { kind: "length", bytes } }));

/** Sends neither `Content-Length` nor chunks: the body ends with the connection. */
export const closeDelimited = (): Fault => (answer) =>
  closeAfter()(withHead(addHeader("connection", "close")(answer), { framing: { kind: "close" } }));

/** Sends the body in chunks. */
export const chunked = (): Fault => (answer) => withHead(answer, { framing: { kind: "chunked" } });

/** Breaks the chunked framing at one chunk, counted from 0. */
export const breakChunk =
  (chunk: number, how: BrokenChunk["how"] = "size"): Fault =>
  (answer) =>
    withHead(answer, { framing: { kind: "chunked", broken: { chunk, how } } });

/** One more header field after those the answer has; a second `Content-Length` is possible. */
export const addHeader =
  (name: string, value: string): Fault =>
  (answer) =>
    withHead(answer, { headers: [...requireHead(answer).headers, [name, value]] });

/** Speaks HTTP/1.0 in the status line. */
export const asHttp10 = (): Fault => (answer) => withHead(answer, { version: "1.0" });

const compress = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

/**
 * Compresses the whole body into one part; `declared: false` leaves `Content-Encoding` away.
 * Not for endless bodies, and positions given as events mean the one compressed part.
 */
export const encoded =
  (coding: keyof typeof compress, options: { readonly declared?: boolean } = {}): Fault =>
  (answer) => {
    const body: Uint8Array = compress[coding](Buffer.concat([...answer.parts]));
    const { framing } = requireHead(answer);
    const shaped = withHead(
      { ...answer, parts: [body] },
      { framing: framing.kind === "length" ? { kind: "length", bytes: body.length } : framing },
    );
    return options.declared === false ? shaped : addHeader("content-encoding", coding)(shaped);
  };

/** Puts raw text, such as a malformed event, before event number `index` of a stream. */
export const insertEvent =
  (index: number, text: string): Fault =>
  (answer) => ({ ...answer, parts: [...answer.parts].toSpliced(index, 0, Buffer.from(text)) });

/** `100 Continue` before the answer, asked for or not. */
export const continueFirst = (): Fault => (answer) => ({
  ...answer,
  preamble: Buffer.concat([Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"), answer.preamble]),
});

/** Answers when the request's head is there, while the client still uploads; the server goes on reading. */
export const early = (): Fault => (answer) => ({ ...answer, early: true });

const interruptAt =
  (at: Position, happens: Interruption): Fault =>
  (answer) => ({ ...answer, interruptions: [...answer.interruptions, { at, happens }] });

const paced =
  (pace: Pace): Fault =>
  (answer) => {
    if (!(pace.bytes >= 1)) throw new RangeError(`a write needs at least one byte, not ${pace.bytes}`);
    return { ...answer, paces: [...answer.paces, pace] };
  };

const endingBy =
  (by: "fin" | "rst", afterMs = 0): Fault =>
  (answer) => ({ ...answer, afterwards: { by, afterMs } });

function withHead(answer: Answer, change: Partial<AnswerHead>): Answer {
  return { ...answer, head: { ...requireHead(answer), ...change } };
}

function requireHead(answer: Answer): AnswerHead {
  if (answer.head === undefined) throw new TypeError("a raw answer has no head to change");
  return answer.head;
}
