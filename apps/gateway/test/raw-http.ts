import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the chunked framing. */
  readonly body: string;
}

/** A client that sends exactly the bytes it is told to, and sees exactly those that come back. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves when the connection is gone in both directions, with everything that was received. */
  readonly closed: Promise<string>;
  #received = "";

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => (this.#received += bytes.toString("latin1")));
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this.#received)));
  }

  /** Everything received so far that no answer was taken from. */
  get received(): string {
    return this.#received;
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    return this;
  }

  /** Waits for text anywhere in what comes back; throws with what did come when the connection closes without it. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) await this.#more();
    return this.#received;
  }

  /** Takes the next complete answer; interim ones (1xx) count as answers of their own. */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const parsed = parseAnswer(this.#received);
      if (parsed !== undefined) {
        this.#received = this.#received.slice(parsed.length);
        return parsed.answer;
      }
      await this.#more();
    }
  }

  /** Sends FIN. */
  end(): void {
    this.socket.end();
  }

  /** Sends RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  async #more(): Promise<void> {
    if (this.socket.destroyed)
      throw new Error(`closed after ${JSON.stringify(this.#received.slice(0, 500))}`);
    const ended = new AbortController();
    const { signal } = ended;
    await Promise.race([once(this.socket, "data", { signal }), once(this.socket, "close", { signal })]);
    ended.abort();
  }
}

/** `allowHalfOpen` leaves our half open when the server closes its own. */
export async function openRaw(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, ...options });
  await once(socket, "connect");
  return new RawClient(socket);
}

/** Sends bytes on a connection of their own and takes the first answer. */
export async function askRaw(port: number, bytes: string): Promise<RawAnswer> {
  const client = await openRaw(port);
  const answer = await client.send(bytes).answer();
  client.socket.destroy();
  return answer;
}

function parseAnswer(text: string): { answer: RawAnswer; length: number } | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  const body = parseBody(status, headers, text.slice(headEnd + 4));
  return body && { answer: { status, headers, body: body.text }, length: headEnd + 4 + body.length };
}

function parseBody(
  status: number,
  headers: Readonly<Record<string, string>>,
  rest: string,
): { text: string; length: number } | undefined {
  if (headers["transfer-encoding"] === "chunked") return parseChunks(rest);
  const length = status < 200 ? 0 : Number(headers["content-length"] ?? 0);
  return rest.length < length ? undefined : { text: rest.slice(0, length), length };
}

function parseChunks(rest: string): { text: string; length: number } | undefined {
  let text = "";
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(rest.slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (rest.length < next) return undefined;
    if (size === 0) return { text, length: next };
    text += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    at = next;
  }
}
