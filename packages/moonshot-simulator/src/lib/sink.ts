import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import type { Clock } from "./clock.ts";
import type { LedgerEntry } from "./ledger.ts";

/** The way back to one client: it counts what goes out and knows when nobody listens any more. */
export interface Sink {
  readonly response: ServerResponse;
  readonly entry: LedgerEntry;
  readonly clock: Clock;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
}

export function openSink(
  message: IncomingMessage,
  response: ServerResponse,
  entry: LedgerEntry,
  clock: Clock,
): Sink {
  const gone = new AbortController();
  response.once("close", () => {
    if (entry.answer.finishedAtMs !== undefined || response.writableFinished) return;
    // A connection we cut ourselves closes too; that is no abort of the client's.
    if (!cutByUs.has(response)) entry.answer.clientAbortedAtMs = clock.now();
    gone.abort();
  });
  message.once("error", () => undefined);
  return { response, entry, clock, gone: gone.signal };
}

const cutByUs = new WeakSet<ServerResponse>();

export function writeHead(
  { response, entry }: Sink,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  entry.answer.status = status;
  response.writeHead(status, headers);
}

/** Sends bytes of the body, and waits while the socket is full. */
export async function writeBytes({ response, entry, gone }: Sink, bytes: Buffer | string): Promise<void> {
  if (gone.aborted) return;
  entry.answer.bytesSent += Buffer.byteLength(bytes);
  if (response.write(bytes)) return;
  // Rejects when the client leaves while we wait; then there is nothing left to wait for.
  await once(response, "drain", { signal: gone }).catch(() => undefined);
}

export async function finish({ response, entry, clock, gone }: Sink, bytes?: Buffer | string): Promise<void> {
  if (gone.aborted) return;
  if (bytes !== undefined) entry.answer.bytesSent += Buffer.byteLength(bytes);
  const finished = Promise.withResolvers<void>();
  gone.addEventListener("abort", () => finished.resolve(), { once: true });
  response.end(bytes ?? "", () => {
    entry.answer.finishedAtMs = clock.now();
    finished.resolve();
  });
  await finished.promise;
}

/** Closes the connection with the answer unfinished, after everything written so far has left. */
export async function cutConnection({ response, gone }: Sink, how: "fin" | "reset"): Promise<void> {
  const { socket } = response;
  if (socket === null || gone.aborted) return;
  cutByUs.add(response);
  if (how === "fin") {
    socket.destroySoon();
    return;
  }
  response.flushHeaders();
  const flushed = Promise.withResolvers<void>();
  socket.write("", () => flushed.resolve());
  await flushed.promise;
  socket.resetAndDestroy();
}
