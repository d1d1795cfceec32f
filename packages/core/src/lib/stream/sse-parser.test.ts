import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServerSentEvent } from "../contract/provider-adapter.ts";
import { SseParser } from "./sse-parser.ts";

const deep = process.env["PERILUNE_DEEP"] === "1";

function parse(...pieces: readonly (string | Uint8Array)[]): ServerSentEvent[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(Buffer.from(piece)));
}

function dataOf(...pieces: readonly (string | Uint8Array)[]): string[] {
  return parse(...pieces).map(({ data }) => data);
}

describe("a text/event-stream", () => {
  it.each<[string, string, string[]]>([
    ["an event per blank line", "data: a\n\ndata: b\n\n", ["a", "b"]],
    ["CR line ends", "data: a\r\rdata: b\r\r", ["a", "b"]],
    ["CRLF line ends", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
    ["mixed line ends", "data:1\r\n\rdata:2\n\r\ndata:3\r\ndata:4\n\ndata:5\r\r\n", ["1", "2", "3\n4", "5"]],
    ["LF CR as two line ends", "data: a\n\rdata: b\r\r", ["a", "b"]],
    ["a byte order mark before the first field", "\uFEFFdata: a\n\n", ["a"]],
    ["a byte order mark before a comment", "\uFEFF: hi\ndata: a\n\n", ["a"]],
    ["only the first of two byte order marks", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", ["b"]],
    ["a byte order mark inside data", "data: \uFEFFa\n\n", ["\uFEFFa"]],
    ["comments", ": ping\n\n:\n\n:data: no\ndata: a\n: between\n\n", ["a"]],
    ["several data lines", "data: a\ndata: b\ndata:\ndata: c\n\n", ["a\nb\n\nc"]],
    ["a colon without a space", "data:a\n\n", ["a"]],
    ["one space after the colon, and only one", "data:  a\n\n", [" a"]],
    ["a tab after the colon", "data:\ta\n\n", ["\ta"]],
    ["a colon in the value", "data: a: b\n\n", ["a: b"]],
    ["a field without a colon", "data\n\ndata\ndata\n\ndata:x\n\n", ["", "\n", "x"]],
    ["a null character", "data: a\0b\n\n", ["a\0b"]],
    ["an id with a null character", "id: 1\0\ndata: a\n\n", ["a"]],
    ["a retry that is not a number", "retry: soon\ndata: a\n\n", ["a"]],
    ["unknown fields", "datas: no\nDATA: no\n data: no\ndata: a\n\n", ["a"]],
    ["blank lines only", "\n\n\r\r\n\n", []],
    ["an event name without data", "event: ping\n\ndata: a\n\n", ["a"]],
    ["an event without its closing blank line", "data: a\n\ndata: b\n", ["a"]],
    ["an event without its closing line end", "data: a\n\ndata: b", ["a"]],
    ["trailing spaces", "data: a \n\n", ["a "]],
  ])("with %s", (_, text, data) => {
    expect(dataOf(text)).toEqual(data);
  });

  it("names its events, each name for one event only", () => {
    expect(parse("event: first\nevent: add\ndata: 1\n\ndata: 2\n\nevent:x\ndata: 3\n\n")).toEqual([
      { event: "add", data: "1" },
      { event: "", data: "2" },
      { event: "x", data: "3" },
    ]);
  });

  it("gives the same events wherever its line ends are split, with empty reads in between", () => {
    const bytes = Buffer.from(
      "\uFEFFdata:1\r\n\r\ndata:2\r\r: c\r\ndata:3\n\ndata:4\r\ndata:5\n\r\ndata:6\r\r\n",
    );
    const whole = parse(bytes);
    expect(whole.map(({ data }) => data)).toEqual(["1", "2", "3", "4\n5", "6"]);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const pieces = [
          bytes.subarray(0, first),
          "",
          bytes.subarray(first, second),
          "",
          bytes.subarray(second),
        ];
        expect(parse(...pieces)).toEqual(whole);
      }
    }
  });

  it("keeps a CRLF one line end when an empty read comes between its halves", () => {
    expect(dataOf("data: a\r", "", "\ndata: b\n\n")).toEqual(["a\nb"]);
  });

  it.each(["é", "月", "🌙", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "a\u0301", "𝔐界e\u200D"])(
    "keeps %s whole however its bytes are split",
    (text) => {
      const bytes = Buffer.from(`data: ${text}\n\ndata: ${text}${text}\n\n`);
      for (let at = 0; at <= bytes.length; at++) {
        expect(dataOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual([text, text + text]);
      }
      expect(dataOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([text, text + text]);
    },
  );

  it("says the same whole and in any pieces", () => {
    const piece = fc.constantFrom(
      "data",
      "event",
      ":",
      " ",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "\uFEFF",
      "\0",
      "🌙",
      "月",
      "x",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.array(fc.nat(12), { minLength: 1, maxLength: 40 }),
        (texts, lengths) => {
          const bytes = Buffer.from(texts.join(""));
          expect(parse(...cut(bytes, lengths))).toEqual(parse(bytes));
        },
      ),
      { numRuns: deep ? 100_000 : 3_000 },
    );
  });

  it("delivers any data in any pieces as it was sent", () => {
    const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n\uFEFF]/gu, ""));
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        fc.constantFrom("\n", "\r", "\r\n"),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }),
        (events, end, lengths) => {
          const text = events
            .map((lines) => lines.map((each) => `data: ${each}${end}`).join("") + end)
            .join("");
          expect(dataOf(...cut(Buffer.from(text), lengths))).toEqual(events.map((lines) => lines.join("\n")));
        },
      ),
      { numRuns: deep ? 50_000 : 1_000 },
    );
  });
});

describe("the work of parsing", () => {
  it("is linear in the length of an event that comes in small pieces", () => {
    const work = (length: number) => {
      const bytes = new CountedBytes(Buffer.from(`data: ${"x".repeat(length)}\n\n`));
      const parser = new SseParser();
      const events = bytes.inPieces(16).flatMap((piece) => parser.push(piece));
      expect(events[0]?.data.length).toBe(length);
      return bytes.searchedBytes;
    };
    expect(work(400_000) / work(200_000)).toBeLessThan(2.1);
    expect(work(400_000)).toBeLessThan(4 * 400_000);
  });

  it("parses an event of 400 KB in 16-byte pieces in well under a second", () => {
    const bytes = Buffer.from(`data: ${"x".repeat(400_000)}\n\n`);
    const parser = new SseParser();
    const startMs = performance.now();
    for (let at = 0; at < bytes.length; at += 16) parser.push(bytes.subarray(at, at + 16));
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it.each(["\n", "\r", "\r\n", ":\r\r\n"])(
    "is linear in the number of lines ending in %j within one read",
    (end) => {
      const work = (lines: number) => {
        const bytes = new CountedBytes(Buffer.from(end.repeat(lines)));
        new SseParser().push(bytes.whole());
        return bytes.searchedBytes;
      };
      expect(work(8_000) / work(4_000)).toBeLessThan(2.1);
    },
  );
});

describe("an event that grows too large", () => {
  it.each([
    ["in one line", ["data: 0123456789", "0123456789", "0123456789"]],
    ["in one read", ["data: 01234567890123456789012345678901234567890\n\n"]],
    ["in many lines", ["data: 0\n", "data: 1\n", "data: 2\n", "data: 3\n", "data: 4\n"]],
    ["of comments", [": 0123456789\n", ": 0123456789\n", ": 0123456789\n"]],
  ])("%s is refused at its limit", (_, pieces) => {
    const parser = new SseParser({ maxEventBytes: 32 });
    const feed = () => pieces.forEach((piece) => parser.push(Buffer.from(piece)));
    expect(feed).toThrow(
      expect.objectContaining({
        code: "invalid_response",
        message: "The provider sent one stream event of more than 32 bytes.",
      }),
    );
  });

  it("is measured per event: any number of small ones pass", () => {
    const parser = new SseParser({ maxEventBytes: 32 });
    const events = Array.from({ length: 1_000 }, () =>
      parser.push(Buffer.from(": ping\n\ndata: x\r\n\r\n")),
    ).flat();
    expect(events.length).toBe(1_000);
  });
});

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    // One byte more at the end of each round, so that a list of zeros gets there too.
    const length =
      (lengths[index % lengths.length] ?? 0) + (index % lengths.length === lengths.length - 1 ? 1 : 0);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Bytes that count how many of them a search has looked at. */
class CountedBytes {
  searchedBytes = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  whole(): Uint8Array {
    return this.#counted(this.#bytes);
  }

  inPieces(length: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < this.#bytes.length; at += length) {
      pieces.push(this.#counted(this.#bytes.subarray(at, at + length)));
    }
    return pieces;
  }

  #counted(bytes: Uint8Array): Uint8Array {
    const indexOf = (wanted: number, from = 0) => {
      const found = Uint8Array.prototype.indexOf.call(bytes, wanted, from);
      this.searchedBytes += (found === -1 ? bytes.length : found + 1) - from;
      return found;
    };
    return Object.defineProperty(bytes, "indexOf", { value: indexOf });
  }
}
