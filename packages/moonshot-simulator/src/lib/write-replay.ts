import { setImmediate as nextTurn } from "node:timers/promises";
import { sleep } from "./clock.ts";
import type { Replay } from "./replay.ts";
import { cutConnection, finish, writeBytes, writeHead, type Sink } from "./sink.ts";

/** Serves recorded bytes as they are, in the pieces and with the end the replay asks for. */
export async function writeReplay(replay: Replay, sink: Sink): Promise<void> {
  const body = Buffer.from(replay.body);
  await sleep(sink.clock, replay.delayMs ?? 0, sink.gone);
  writeHead(sink, replay.status, replay.headers ?? { "Content-Type": contentTypeOf(body) });
  for (const piece of cutIntoPieces(body.subarray(0, replay.cutAtByte), replay.splitAt ?? [])) {
    if (sink.gone.aborted) return;
    await writeBytes(sink, piece);
    await sleep(sink.clock, replay.pauseMs ?? 0, sink.gone);
    // Lets the socket send this piece before the next is written to it.
    await nextTurn();
  }
  const end = replay.end ?? (replay.cutAtByte === undefined ? undefined : "fin");
  await (end === undefined ? finish(sink) : cutConnection(sink, end));
}

function cutIntoPieces(body: Buffer, splitAt: NonNullable<Replay["splitAt"]>): readonly Buffer[] {
  const offsets =
    splitAt === "every-byte" ? Array.from(body.keys()) : [0, ...splitAt.toSorted((a, b) => a - b)];
  return offsets
    .map((start, index) => body.subarray(start, offsets[index + 1]))
    .filter((piece) => piece.length > 0);
}

function contentTypeOf(body: Buffer): string {
  return body.subarray(0, 5).toString() === "data:" ? "text/event-stream" : "application/json; charset=utf-8";
}
