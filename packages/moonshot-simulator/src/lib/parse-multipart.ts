/** One part of a multipart form. */
export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly bytes: Buffer;
  /** The part's true size; above the limit its bytes are not kept. */
  readonly size: number;
}

/** Reads a form as it arrives, or undefined when it is not one. Parts above the limit are read past, not kept. */
export async function parseMultipart(
  contentType: string,
  chunks: AsyncIterable<Buffer>,
  maxPartBytes: number,
): Promise<readonly Part[] | undefined> {
  const boundary = /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const reader = new PartReader(boundary?.[1] ?? boundary?.[2] ?? "", maxPartBytes);
  for await (const chunk of chunks) reader.push(chunk);
  return boundary === null ? undefined : reader.finish();
}

type State = "preamble" | "after boundary" | "headers" | "body" | "epilogue" | "malformed";

interface OpenPart {
  readonly name: string;
  readonly filename: string | undefined;
  chunks: Buffer[];
  size: number;
}

const mostHeaderBytes = 16_384;

class PartReader {
  readonly #delimiter: Buffer;
  readonly #maxPartBytes: number;
  readonly #parts: Part[] = [];
  // The first boundary has no line before it; this one stands in.
  #pending = Buffer.from("\r\n");
  #state: State = "preamble";
  #part: OpenPart | undefined;

  constructor(boundary: string, maxPartBytes: number) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#maxPartBytes = maxPartBytes;
  }

  push(chunk: Buffer): void {
    if (this.#state === "epilogue" || this.#state === "malformed") return;
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  finish(): readonly Part[] | undefined {
    return this.#state === "epilogue" ? this.#parts : undefined;
  }

  /** Takes what it can from the pending bytes; false when it needs more of them. */
  #step(): boolean {
    if (this.#state === "preamble" || this.#state === "body") return this.#readToBoundary();
    if (this.#state === "after boundary") return this.#readBoundaryEnd();
    return this.#state === "headers" && this.#readHeaders();
  }

  #readToBoundary(): boolean {
    const at = this.#pending.indexOf(this.#delimiter);
    // Without a boundary in sight its beginning may still be the end of what is pending.
    const end = at === -1 ? Math.max(0, this.#pending.length - this.#delimiter.length) : at;
    this.#keep(this.#pending.subarray(0, end));
    this.#pending = this.#pending.subarray(at === -1 ? end : at + this.#delimiter.length);
    if (at === -1) return false;
    this.#closePart();
    this.#state = "after boundary";
    return true;
  }

  #readBoundaryEnd(): boolean {
    if (this.#pending.length < 2) return false;
    const ending = this.#pending.toString("latin1", 0, 2);
    this.#pending = this.#pending.subarray(2);
    this.#state = ending === "--" ? "epilogue" : ending === "\r\n" ? "headers" : "malformed";
    return true;
  }

  #readHeaders(): boolean {
    const end = this.#pending.indexOf("\r\n\r\n");
    if (end === -1) {
      if (this.#pending.length > mostHeaderBytes) this.#state = "malformed";
      return false;
    }
    this.#part = openPart(this.#pending.toString("utf8", 0, end));
    this.#pending = this.#pending.subarray(end + 4);
    this.#state = this.#part === undefined ? "malformed" : "body";
    return true;
  }

  #keep(bytes: Buffer): void {
    const part = this.#part;
    if (part === undefined) return;
    part.size += bytes.length;
    if (part.size > this.#maxPartBytes) part.chunks = [];
    else if (bytes.length > 0) part.chunks.push(Buffer.from(bytes));
  }

  #closePart(): void {
    if (this.#part === undefined) return;
    const { name, filename, chunks, size } = this.#part;
    this.#parts.push({ name, filename, size, bytes: Buffer.concat(chunks) });
    this.#part = undefined;
  }
}

function openPart(headers: string): OpenPart | undefined {
  const disposition = /^content-disposition: *form-data;(.*)$/im.exec(headers)?.[1];
  const name = /[; ]name="([^"]*)"/i.exec(disposition ?? "")?.[1];
  const filename = /[; ]filename="([^"]*)"/i.exec(disposition ?? "")?.[1];
  return name === undefined ? undefined : { name, filename, chunks: [], size: 0 };
}
