const maxLineBytes = 1024 * 1024;

/** The request is no HTTP/1.1 this server understands. */
export class MalformedRequest extends Error {}

/** Turns pushed bytes into lines and blocks that one reader awaits. */
export class ByteReader {
  #buffered: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  push(bytes: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes]);
    this.#wake();
  }

  /** Nothing follows what was pushed. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next line without its end; undefined when the bytes end first. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffered.indexOf("\n");
      if (end !== -1)
        return this.#shift(end + 1)
          .toString("latin1")
          .replace(/\r?\n$/, "");
      if (this.#buffered.length > maxLineBytes) throw new MalformedRequest("line too long");
      if (!(await this.#more())) return undefined;
    }
  }

  /** The next bytes, at least one and at most `atMost`; undefined at the end. */
  async take(atMost: number): Promise<Buffer | undefined> {
    if (this.#buffered.length === 0 && !(await this.#more())) return undefined;
    return this.#shift(atMost);
  }

  #shift(length: number): Buffer {
    const taken = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    const before = this.#buffered.length;
    if (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#buffered.length > before;
  }
}
