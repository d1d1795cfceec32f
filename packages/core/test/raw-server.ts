import { once } from "node:events";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";

/** A loopback server that speaks whatever bytes a test wants, and remembers its connections. */
export class RawServer implements AsyncDisposable {
  readonly connections: Socket[] = [];
  /** Request heads as they came, in order. */
  readonly heads: string[] = [];
  readonly #server: Server;

  constructor(onRequest: (socket: Socket, head: string) => void) {
    this.#server = createServer((socket) => {
      this.connections.push(socket);
      socket.on("error", () => {});
      let received = "";
      let isDeaf = false;
      socket.on("data", (bytes) => {
        if (!isDeaf) received += bytes.toString("latin1");
        for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
          const head = received.slice(0, end);
          const length = Number(/content-length: (\d+)/iu.exec(head)?.[1] ?? 0);
          if (received.length < end + 4 + length) return;
          // A chunked body is not taken apart: its request is the last that is heard.
          isDeaf = /transfer-encoding/iu.test(head);
          received = isDeaf ? "" : received.slice(end + 4 + length);
          this.heads.push(head);
          onRequest(socket, head);
        }
      });
    });
  }

  static async start(onRequest: (socket: Socket, head: string) => void): Promise<RawServer> {
    const server = new RawServer(onRequest);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get origin(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("not listening");
    return `http://127.0.0.1:${address.port}`;
  }

  get openConnections(): number {
    return this.connections.filter((socket) => !socket.closed).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.connections) socket.destroy();
    if (this.#server.listening) await once(this.#server, "close");
  }
}
