/** Header fields as they are sent: in this order, duplicates allowed. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** How the client learns where the body ends. `bytes` is what is claimed, true or not. */
export type Framing =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked"; readonly broken?: BrokenChunk }
  | { readonly kind: "close" };

/** `size`: chunk number `chunk` (from 0) has a size that is no number; `crlf`: the line end after its data is missing. */
export interface BrokenChunk {
  readonly chunk: number;
  readonly how: "size" | "crlf";
}

export interface AnswerHead {
  readonly version: "1.0" | "1.1";
  readonly status: number;
  readonly headers: HeaderFields;
  readonly framing: Framing;
}

/**
 * A place in an answer. Counts start at 0, and a place lies before the byte or event it names.
 *
 * - `start`: before the first byte of the response.
 * - `afterHeaders`: between the head and the body.
 * - `byte`: in the body, transfer coding not counted.
 * - `afterEvents`: after so many parts of the body; a stream's parts are its events.
 * - `insideEvent`: in the middle of that part.
 * - `insideCharacter`: after the first byte of the body's first multi-byte UTF-8 character.
 * - `end`: after the body's last byte, before the transfer coding's own end.
 * - `wireByte`: in the response as sent, status line, headers and chunk sizes included.
 */
export type Position =
  | "start"
  | "afterHeaders"
  | "insideCharacter"
  | "end"
  | { readonly byte: number }
  | { readonly afterEvents: number }
  | { readonly insideEvent: number }
  | { readonly wireByte: number };

/** What happens to the connection instead of the next byte; `end` cuts the answer there. */
export type Interruption =
  | { readonly kind: "wait"; readonly forMs: number }
  | { readonly kind: "stall" }
  | { readonly kind: "end"; readonly by: "fin" | "rst" };

/** Writes of at most `bytes` (or a random size up to it), `everyMs` apart. */
export interface Pace {
  readonly of: "headers" | "body" | "wire";
  readonly bytes: number;
  readonly random: boolean;
  readonly everyMs: number;
}

/** One scripted response: plain data, made by constructors such as `json`, changed by faults such as `cutAt`. */
export interface Answer {
  /** Absent: the parts are the whole response, byte for byte. */
  readonly head?: AnswerHead;
  /** Each part is written on its own. May be endless; is iterated once per request. */
  readonly parts: Iterable<Uint8Array>;
  /** Sent before the head: interim responses. */
  readonly preamble: Uint8Array;
  /** Begins when the request's head has arrived, instead of its last byte. */
  readonly early: boolean;
  readonly interruptions: readonly { readonly at: Position; readonly happens: Interruption }[];
  readonly paces: readonly Pace[];
  /** Ends the connection after the last byte; absent keeps it open. */
  readonly afterwards?: { readonly by: "fin" | "rst"; readonly afterMs: number };
}

/** An answer without faults. */
export function plainAnswer(parts: Iterable<Uint8Array>, head?: AnswerHead): Answer {
  return {
    ...(head && { head }),
    parts,
    preamble: new Uint8Array(),
    early: false,
    interruptions: [],
    paces: [],
  };
}
