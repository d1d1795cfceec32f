import { createHash } from "node:crypto";
import { sleep } from "./clock.ts";
import { errorBody } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { drawFrom } from "./random.ts";
import type { Fault, StreamFault } from "./replay.ts";
import type { Reply } from "./reply.ts";
import type { Simulation } from "./simulation.ts";
import { cutConnection, finish, writeBytes, writeHead, type Sink } from "./sink.ts";

/** Sends a reply, at the simulated pace and with the fault it was given. */
export async function writeReply(
  simulation: Simulation,
  exchange: Exchange,
  reply: Reply,
  fault: Fault | undefined,
  sink: Sink,
): Promise<void> {
  const headers = commonHeaders(simulation, exchange, sink);
  if (reply.kind === "stream") {
    writeHead(sink, 200, { "Content-Type": "text/event-stream", ...headers });
    await writeStream(reply.frames, simulation.tokenDelayMs, fault?.stream, sink);
    return;
  }
  const length = `${Buffer.byteLength(reply.body)}`;
  writeHead(sink, reply.status, {
    "Content-Type": reply.contentType,
    "Content-Length": length,
    ...headers,
    ...reply.headers,
  });
  await finish(sink, reply.body);
}

// A name of our own where the real service says nginx, so that nobody takes a simulated answer for a real one.
function commonHeaders(
  { seed, clock }: Simulation,
  { method, pathname, body }: Exchange,
  { entry }: Sink,
): Record<string, string> {
  const nowMs = clock.now();
  const digest = createHash("sha256").update(body).digest("hex");
  const draw = drawFrom(seed, "request", method, pathname, digest, `${entry.receivedAtMs}`);
  return {
    Date: new Date(nowMs).toUTCString(),
    "Msh-Cache": "updated",
    "Msh-Gid": "simulated",
    "Msh-Request-Id": uuid(draw.hex(32)),
    "Msh-Trace-Mode": "on",
    "Msh-Uid": drawFrom(seed, "user").hex(20),
    Server: "perilune-moonshot-simulator",
    "Server-Timing": `inner; dur=${nowMs - entry.receivedAtMs}`,
  };
}

function uuid(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

async function writeStream(
  frames: Iterable<string>,
  tokenDelayMs: number,
  fault: StreamFault | undefined,
  sink: Sink,
): Promise<void> {
  let sent = 0;
  for (const frame of frames) {
    if (fault !== undefined && sent >= fault.afterFrames) return spoil(fault, sink);
    await sleep(sink.clock, tokenDelayMs, sink.gone);
    if (sink.gone.aborted) return;
    await writeBytes(sink, frame);
    sent += 1;
  }
  await finish(sink);
}

async function spoil({ ending }: StreamFault, sink: Sink): Promise<void> {
  if (ending === "fin" || ending === "reset") return cutConnection(sink, ending);
  if (ending === "stall") return untilGone(sink);
  // No capture of an error in mid-stream exists; clients expect this frame.
  if (ending !== "end") await writeBytes(sink, `data: ${errorBody(ending)}\n\n`);
  await finish(sink);
}

function untilGone({ gone }: Sink): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    gone.addEventListener("abort", () => resolve(), { once: true });
  });
}
