import { plainAnswer } from "./answer.ts";
import type { Answer, Framing, HeaderFields } from "./answer.ts";
import { filler } from "./filler.ts";
import type { Filler } from "./filler.ts";
import { stallAt } from "./faults.ts";

/** Headers as a record, or as pairs where order or duplicates matter. */
export type HeadersInput = HeaderFields | Readonly<Record<string, string>>;

/** A body of any status: text and bytes as they are, an object as JSON, or a filler. */
export type BodyInput = string | Uint8Array | Filler | object;

const eventStream = [["content-type", "text/event-stream"]] as const;

/** Any status with a body, framed by `Content-Length` (an endless filler by chunks). */
export function status(code: number, body: BodyInput = "", headers: HeadersInput = {}): Answer {
  const { parts, byteLength, contentType } = readBody(body);
  const framing: Framing =
    byteLength === Infinity ? { kind: "chunked" } : { kind: "length", bytes: byteLength };
  return plainAnswer(parts, {
    version: "1.1",
    status: code,
    headers: withContentType(headerFields(headers), contentType),
    framing,
  });
}

/** 200 with a JSON body. */
export function json(body: unknown, headers: HeadersInput = {}): Answer {
  const fields = withContentType(headerFields(headers), "application/json");
  return status(200, JSON.stringify(body), fields);
}

/** The bytes of one event: text as it is, anything else as a `data:` line of JSON. */
export function event(data: unknown): Uint8Array {
  return Buffer.from(typeof data === "string" ? data : `data: ${JSON.stringify(data)}\n\n`);
}

/** 200 with server-sent events in chunks, one write each: objects become `data:` lines, text is sent as it is. */
export function stream(events: readonly unknown[], headers: HeadersInput = {}): Answer {
  return plainAnswer(events.map(event), {
    version: "1.1",
    status: 200,
    headers: [...eventStream, ...headerFields(headers)],
    framing: { kind: "chunked" },
  });
}

/** An event stream that is one `data:` line of `byteLength` bytes and never ends its line. */
export function giantEvent(byteLength: number): Answer {
  const prefix = Buffer.from("data: ");
  const rest = filler(Math.max(0, byteLength - prefix.length));
  const parts = {
    *[Symbol.iterator]() {
      yield prefix;
      yield* rest;
    },
  };
  const headers = eventStream;
  return plainAnswer(parts, { version: "1.1", status: 200, headers, framing: { kind: "chunked" } });
}

/** A proxy's error page: HTML where an API client expects JSON. */
export function html(code: number, page = `<html><body><h1>${code}</h1></body></html>`): Answer {
  return status(code, page, { "content-type": "text/html" });
}

/** 302 (or another 3xx) to `location`. */
export function redirect(location: string, code = 302): Answer {
  return status(code, "", { location });
}

/** The whole response as bytes: junk instead of HTTP, or a hand-written response. The connection stays open. */
export function raw(...parts: readonly (string | Uint8Array)[]): Answer {
  return plainAnswer(parts.map((part) => Buffer.from(part)));
}

/** Reads the request and never answers. */
export function silence(): Answer {
  return stallAt("start")(status(200));
}

function headerFields(headers: HeadersInput): HeaderFields {
  return isPairs(headers) ? headers : Object.entries(headers);
}

const isPairs = (headers: HeadersInput): headers is HeaderFields => Array.isArray(headers);

interface ReadBody {
  readonly parts: Iterable<Uint8Array>;
  readonly byteLength: number;
  readonly contentType: string | undefined;
}

function readBody(body: BodyInput): ReadBody {
  if (typeof body === "string" || body instanceof Uint8Array) return wholeBody(Buffer.from(body), undefined);
  if (isFiller(body)) return { parts: body, byteLength: body.byteLength, contentType: undefined };
  return wholeBody(Buffer.from(JSON.stringify(body)), "application/json");
}

function wholeBody(bytes: Uint8Array, contentType: string | undefined): ReadBody {
  return { parts: bytes.length === 0 ? [] : [bytes], byteLength: bytes.length, contentType };
}

const isFiller = (body: object): body is Filler => "byteLength" in body && Symbol.iterator in body;

function withContentType(headers: HeaderFields, contentType: string | undefined): HeaderFields {
  const given = headers.some(([name]) => name.toLowerCase() === "content-type");
  return contentType === undefined || given ? headers : [["content-type", contentType], ...headers];
}
