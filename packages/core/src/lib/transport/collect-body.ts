import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { ProviderError } from "../contract/provider-error.ts";
import type { Exchange } from "./exchange.ts";

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

/** A map and not an object: the provider chooses the name that is looked up. */
const decompressors: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ["gzip", promisify(zlib.gunzip)],
  ["x-gzip", promisify(zlib.gunzip)],
  ["deflate", promisify(zlib.inflate)],
  ["br", promisify(zlib.brotliDecompress)],
  ["zstd", promisify(zlib.zstdDecompress)],
]);

/** A whole body as text, refused beyond `limitBytes` before and after decompression. */
export async function collectBody(
  exchange: Exchange,
  encoding: string | undefined,
  limitBytes: number,
): Promise<string> {
  const bytes = await collectBytes(exchange, limitBytes, "refuse");
  return (await decompress(bytes, encoding, limitBytes)).toString("utf8");
}

/**
 * The beginning of an error's body. Errors are worth at most `limitBytes`: the rest is not read. Whatever
 * arrived counts, even when the connection broke in the middle.
 */
export async function collectErrorBody(
  exchange: Exchange,
  encoding: string | undefined,
  limitBytes: number,
): Promise<string> {
  const bytes = await collectBytes(exchange, limitBytes, "cut");
  return decompress(bytes, encoding, limitBytes).then(
    (text) => text.toString("utf8"),
    () => "",
  );
}

async function collectBytes(
  exchange: Exchange,
  limitBytes: number,
  beyond: "refuse" | "cut",
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of exchange) {
      pieces.push(bytes);
      length += bytes.length;
      if (length > limitBytes) break;
    }
  } catch (error) {
    if (beyond === "refuse") throw error;
  }
  if (length <= limitBytes) return Buffer.concat(pieces);
  const tooLarge = tooLargeBody(limitBytes);
  exchange.fail(tooLarge);
  if (beyond === "refuse") throw tooLarge;
  return Buffer.concat(pieces).subarray(0, limitBytes);
}

async function decompress(bytes: Buffer, encoding: string | undefined, limitBytes: number): Promise<Buffer> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "" || bytes.length === 0) return bytes;
  const decompressor = decompressors.get(name);
  if (decompressor === undefined)
    throw invalidBody(`uses the content encoding "${name}", which was not offered`);
  try {
    return await decompressor(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    throw invalidBody(`is not valid ${name}, or larger than ${limitBytes} bytes`, error);
  }
}

function tooLargeBody(limitBytes: number): ProviderError {
  return invalidBody(`is larger than ${limitBytes} bytes`);
}

function invalidBody(what: string, cause?: unknown): ProviderError {
  return new ProviderError({
    code: "invalid_response",
    message: `The provider's answer ${what}.`,
    origin: "upstream",
    failure: "answered",
    cause,
  });
}
