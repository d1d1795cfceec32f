import type { Socket } from "node:net";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { ByteReader } from "./byte-reader.ts";
import type { Clock } from "./clock.ts";

/** One client's socket: bytes in through `reader`, bytes out one write at a time, and the news that it is gone. */
export class Connection {
  readonly reader = new ByteReader();
  /** The script, or a client that asked for it, ended this side: nothing more can be sent. */
  ended = false;
  readonly #socket: Socket;
  readonly #clock: Clock;
  #goneBecause: "client_gone" | "server_closed" | undefined;
  #answering = false;
  #written = false;
  #wake: () => void = () => {};

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on("data", (bytes: Buffer) => this.reader.push(bytes));
    socket.on("end", () => this.#clientEnded());
    socket.on("close", () => this.#leave("client_gone"));
    // An error is always followed by close, which says all that matters here.
    socket.on("error", () => {});
  }

  /** Why nobody listens any more; undefined while somebody does. */
  get goneBecause(): "client_gone" | "server_closed" | undefined {
    return this.#goneBecause;
  }

  /** While answering, a client's FIN means that it gave up. */
  set answering(answering: boolean) {
    this.#answering = answering;
    if (answering && this.#socket.readableEnded) this.#giveUp();
  }

  /** True once the operating system took the bytes. */
  async write(bytes: Uint8Array): Promise<boolean> {
    await this.#letTheLastWriteArrive();
    if (this.#goneBecause) return false;
    this.#written = true;
    return new Promise((resolve) => {
      this.#socket.write(bytes, (error) => resolve(!error));
    });
  }

  /** Resolves after `forMs`, without it never, but in any case when the client or the server goes. */
  async wait(forMs?: number): Promise<void> {
    if (this.#goneBecause) return;
    await new Promise<void>((resolve) => {
      const cancel = forMs === undefined ? () => {} : this.#clock.after(forMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => {};
  }

  async end(by: "fin" | "rst"): Promise<void> {
    this.ended = true;
    await this.#letTheLastWriteArrive();
    if (by === "rst") this.#socket.resetAndDestroy();
    else this.#socket.end();
  }

  /** The server closes: drops the client whatever it is doing. */
  drop(): void {
    this.#leave("server_closed");
    this.#socket.destroy();
  }

  /**
   * Gives a client in the same process the time to read each write on its own, and before a reset discards it. The
   * first turn may run right after the poll phase that is under way; only the second has a whole one before it.
   */
  async #letTheLastWriteArrive(): Promise<void> {
    if (!this.#written) return;
    this.#written = false;
    await turnOfTheLoop();
    await turnOfTheLoop();
  }

  #clientEnded(): void {
    // Requests may still wait in the reader; who serves them ends this side.
    if (this.#answering) this.#giveUp();
    else this.reader.end();
  }

  #giveUp(): void {
    this.#leave("client_gone");
    this.#socket.destroy();
  }

  #leave(reason: "client_gone" | "server_closed"): void {
    this.#goneBecause ??= reason;
    this.reader.end();
    this.#wake();
  }
}
