import { connect } from "node:net";
import type { Socket } from "node:net";

/** What a bare socket saw. `open`: neither side had ended when the client stopped looking. */
export interface Seen {
  readonly bytes: Buffer;
  readonly text: string;
  /** One per read of the socket. */
  readonly reads: readonly Buffer[];
  readonly ended: "fin" | "rst" | "open";
}

export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** What arrived so far. */
  seen(): Seen;
  /** Resolves when the server has ended the connection. */
  untilEnd(): Promise<Seen>;
  /** Resolves when `text` has arrived. */
  untilText(text: string): Promise<Seen>;
}

export const getRequest = "GET /v1/models HTTP/1.1\r\nhost: h\r\n\r\n";

export function postRequest(body: string, headers = ""): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const nobodyLooks = (): void => {};

export async function rawClient(url: string): Promise<RawClient> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  const reads: Buffer[] = [];
  let ended: Seen["ended"] = "open";
  let look = nobodyLooks;
  socket.on("data", (bytes: Buffer) => reads.push(bytes) && look());
  socket.on("end", () => {
    ended = "fin";
    look();
  });
  socket.on("error", () => {
    ended = "rst";
    look();
  });
  await new Promise<void>((resolve) => socket.once("connect", resolve));

  const seen = (): Seen => {
    const bytes = Buffer.concat(reads);
    return { bytes, text: bytes.toString("latin1"), reads, ended };
  };
  const until = (isTrue: (seen: Seen) => boolean): Promise<Seen> =>
    new Promise((resolve) => {
      look = () => {
        if (isTrue(seen())) resolve(seen());
      };
      look();
    });
  return {
    socket,
    send: (text) => void socket.write(text),
    seen,
    untilEnd: () => until(({ ended }) => ended !== "open"),
    untilText: (text) => until((now) => now.text.includes(text)),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        if (socket.closed) return resolve();
        socket.once("close", () => resolve());
        socket.destroy();
      }),
  };
}

/** Sends one request that asks for `Connection: close` and returns all that came back. */
export async function exchange(
  url: string,
  request = "GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
): Promise<Seen> {
  await using client = await rawClient(url);
  client.send(request);
  // Awaited here, for the client is disposed of when this function returns.
  return await client.untilEnd();
}
