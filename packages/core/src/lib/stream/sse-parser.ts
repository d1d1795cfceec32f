import { Buffer } from "node:buffer";
import type { ServerSentEvent } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";

const LF = 0x0a;
const CR = 0x0d;
const defaultMaxEventBytes = 16 * 1024 * 1024;

/**
 * Bytes → events of a `text/event-stream`, as the WHATWG rules have it: LF, CR or CRLF line ends, comments
 * ignored, several `data:` lines joined, an event without its closing blank line never delivered.
 *
 * Lines are cut as bytes and decoded whole, so a character split over two reads is never damaged, and every
 * byte is looked at a constant number of times however small the reads are.
 */
export class SseParser {
  readonly #maxEventBytes: number;
  /** The unfinished line, as it arrived. */
  #pieces: Uint8Array[] = [];
  #eventBytes = 0;
  #data: string[] = [];
  #event = "";
  #isFirstLine = true;
  #lastByteWasCr = false;

  constructor(options: { maxEventBytes?: number } = {}) {
    this.#maxEventBytes = options.maxEventBytes ?? defaultMaxEventBytes;
  }

  /** Takes the next bytes, gives the events they complete. Throws ProviderError when one grows too large. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    if (bytes.length === 0) return events;
    let start = this.#skipLineFeedOfSplitCrLf(bytes);
    let nextLf = bytes.indexOf(LF, start);
    let nextCr = bytes.indexOf(CR, start);
    let end = lineEnd(nextLf, nextCr);
    while (end !== -1) {
      this.#countBytes(end - start + 1);
      this.#takeLine(bytes.subarray(start, end), events);
      start = end + 1;
      if (bytes[end] === CR && bytes[start] === LF) start++;
      // Searched again only once passed: else a stream of one kind of line end costs a whole search per line.
      if (nextLf !== -1 && nextLf < start) nextLf = bytes.indexOf(LF, start);
      if (nextCr !== -1 && nextCr < start) nextCr = bytes.indexOf(CR, start);
      end = lineEnd(nextLf, nextCr);
    }
    this.#lastByteWasCr = bytes[bytes.length - 1] === CR;
    this.#keepUnfinished(bytes.subarray(start));
    return events;
  }

  #skipLineFeedOfSplitCrLf(bytes: Uint8Array): number {
    return this.#lastByteWasCr && bytes[0] === LF ? 1 : 0;
  }

  #keepUnfinished(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#countBytes(rest.length);
    this.#pieces.push(rest);
  }

  #countBytes(count: number): void {
    this.#eventBytes += count;
    if (this.#eventBytes <= this.#maxEventBytes) return;
    throw new ProviderError({
      code: "invalid_response",
      message: `The provider sent one stream event of more than ${this.#maxEventBytes} bytes.`,
      origin: "upstream",
    });
  }

  #takeLine(tail: Uint8Array, events: ServerSentEvent[]): void {
    let line = this.#decodeLine(tail);
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (line.startsWith("\uFEFF")) line = line.slice(1);
    }
    if (line === "") this.#endEvent(events);
    else this.#takeField(line);
  }

  #decodeLine(tail: Uint8Array): string {
    if (this.#pieces.length === 0) return decodeUtf8(tail);
    const line = Buffer.concat([...this.#pieces, tail]);
    this.#pieces = [];
    return decodeUtf8(line);
  }

  #takeField(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
  }

  #endEvent(events: ServerSentEvent[]): void {
    if (this.#data.length > 0) events.push({ event: this.#event, data: this.#data.join("\n") });
    this.#data = [];
    this.#event = "";
    this.#eventBytes = 0;
  }
}

function lineEnd(lineFeed: number, carriageReturn: number): number {
  if (lineFeed === -1) return carriageReturn;
  if (carriageReturn === -1) return lineFeed;
  return Math.min(lineFeed, carriageReturn);
}

function decodeUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
