import { MalformedRequest } from "./byte-reader.ts";
import type { ByteReader } from "./byte-reader.ts";

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly version: "1.0" | "1.1";
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
}

/**
 * The next request's head; undefined when the client ends first.
 *
 * @throws MalformedRequest
 */
export async function readRequestHead(reader: ByteReader): Promise<RequestHead | undefined> {
  let first = await reader.line();
  // RFC 9112, 2.2: empty lines before a request line are ignored.
  while (first === "") first = await reader.line();
  if (first === undefined) return undefined;
  const [, method, path, minor] = /^(\S+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
  if (method === undefined || path === undefined) throw new MalformedRequest(`request line ${first}`);
  const rawHeaders = await readFields(reader);
  if (rawHeaders === undefined) return undefined;
  return {
    method,
    path,
    version: minor === "0" ? "1.0" : "1.1",
    headers: joinFields(rawHeaders),
    rawHeaders,
  };
}

/**
 * Gives the body's bytes to `received` as they come; false when the client ends before the body does.
 *
 * @throws MalformedRequest
 */
export async function readRequestBody(
  reader: ByteReader,
  head: RequestHead,
  received: (bytes: Buffer) => void,
): Promise<boolean> {
  if (head.headers["transfer-encoding"]?.toLowerCase() === "chunked") return readChunks(reader, received);
  const length = head.headers["content-length"] ?? "0";
  if (!/^\d+$/.test(length)) throw new MalformedRequest(`content-length ${length}`);
  return readBlock(reader, Number(length), received);
}

async function readFields(reader: ByteReader): Promise<[string, string][] | undefined> {
  const fields: [string, string][] = [];
  for (;;) {
    const line = await reader.line();
    if (line === undefined) return undefined;
    if (line === "") return fields;
    const colon = line.indexOf(":");
    if (colon < 1) throw new MalformedRequest(`header ${line}`);
    fields.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
}

function joinFields(fields: readonly (readonly [string, string])[]): Record<string, string> {
  // Without a prototype, so that a header called __proto__ is a header.
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    joined[key] = joined[key] === undefined ? value : `${joined[key]}, ${value}`;
  }
  return joined;
}

async function readChunks(reader: ByteReader, received: (bytes: Buffer) => void): Promise<boolean> {
  for (;;) {
    const line = await reader.line();
    if (line === undefined) return false;
    const [, hex] = /^([0-9a-f]+)\s*(?:;.*)?$/i.exec(line) ?? [];
    if (hex === undefined) throw new MalformedRequest(`chunk size ${line}`);
    const size = Number.parseInt(hex, 16);
    if (size === 0) return (await readFields(reader)) !== undefined;
    if (!(await readBlock(reader, size, received))) return false;
    if ((await reader.line()) === undefined) return false;
  }
}

async function readBlock(
  reader: ByteReader,
  length: number,
  received: (bytes: Buffer) => void,
): Promise<boolean> {
  for (let left = length; left > 0;) {
    const bytes = await reader.take(left);
    if (bytes === undefined) return false;
    received(bytes);
    left -= bytes.length;
  }
  return true;
}
