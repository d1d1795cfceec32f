import type { Answer } from "./answer.ts";
import { answerSteps } from "./answer-steps.ts";
import type { Step } from "./answer-steps.ts";
import { MalformedRequest } from "./byte-reader.ts";
import type { Connection } from "./connection.ts";
import type { OpenEntry, Outcome, ReceivedRequest } from "./ledger.ts";
import { readRequestBody, readRequestHead } from "./read-request.ts";
import type { RequestHead } from "./read-request.ts";
import type { Random } from "./seeded-random.ts";

/** What a connection needs of its server. */
export interface Site {
  open(head: RequestHead): OpenEntry;
  /** Chooses the answer for the next request: at once if its body is not needed, else from the whole request. */
  choose(): Answer | ((request: ReceivedRequest) => Answer);
  randomFor(requestNumber: number): Random;
  nowMs(): number;
  /** Something in the ledger changed. */
  changed(): void;
  readonly keepBodyBytes: number;
}

/**
 * Answers one request after the other until the client ends. After the script has ended the connection it goes on
 * reading, so that requests which lost that race are in the ledger: they arrived, and were cut with nothing sent.
 *
 * @throws whatever a behaviour throws
 */
export async function serveConnection(connection: Connection, site: Site): Promise<void> {
  try {
    for (;;) {
      const head = await readRequestHead(connection.reader);
      if (head === undefined) break;
      await serveRequest(connection, head, site);
    }
    if (!connection.ended) await connection.end("fin");
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error;
    await connection.write(
      Buffer.from("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    );
    await connection.end("fin");
  }
}

async function serveRequest(connection: Connection, head: RequestHead, site: Site): Promise<void> {
  const entry = site.open(head);
  if (connection.ended) {
    await receiveBody(connection, head, entry, site);
    return finish(entry, "cut", site);
  }
  connection.answering = true;
  try {
    await answerRequest(connection, head, entry, site);
  } catch (error) {
    finish(entry, "cut", site);
    throw error;
  }
  if (!connection.ended && wantsClose(head)) await connection.end("fin");
}

async function answerRequest(
  connection: Connection,
  head: RequestHead,
  entry: OpenEntry,
  site: Site,
): Promise<void> {
  const chosen = site.choose();
  const early = typeof chosen === "object" && chosen.early;
  if (!early && expectsContinue(head)) await send(Buffer.from(continueLine), connection, entry, site);
  const body = receiveBody(connection, head, entry, site);
  // Awaited below or thrown from there; a malformed upload must not be an unhandled rejection meanwhile.
  body.catch(() => {});
  if (!early && !(await body)) return finish(entry, connection.goneBecause ?? "client_gone", site);
  const answer = typeof chosen === "function" ? chosen(entry) : chosen;
  const outcome = await play(answerSteps(answer, site.randomFor(entry.number)), connection, entry, site);
  finish(entry, outcome, site);
  connection.answering = false;
  if (outcome === "answered" && answer.afterwards) await endAfterwards(connection, answer.afterwards);
  await body;
}

async function endAfterwards(connection: Connection, { by, afterMs }: Afterwards): Promise<void> {
  if (afterMs > 0) await connection.wait(afterMs);
  await connection.end(by);
}

type Afterwards = NonNullable<Answer["afterwards"]>;

const continueLine = "HTTP/1.1 100 Continue\r\n\r\n";

const expectsContinue = (head: RequestHead): boolean =>
  head.headers["expect"]?.toLowerCase() === "100-continue";

function wantsClose(head: RequestHead): boolean {
  const connection = head.headers["connection"]?.toLowerCase();
  return connection === "close" || (head.version === "1.0" && connection !== "keep-alive");
}

async function receiveBody(
  connection: Connection,
  head: RequestHead,
  entry: OpenEntry,
  site: Site,
): Promise<boolean> {
  const kept: Buffer[] = [];
  let room = site.keepBodyBytes;
  const complete = await readRequestBody(connection.reader, head, (bytes) => {
    entry.bodyBytes += bytes.length;
    if (room > 0) kept.push(bytes.subarray(0, room));
    room -= bytes.length;
    site.changed();
  });
  entry.body = Buffer.concat(kept);
  entry.bodyComplete = complete;
  if (complete) entry.times = { ...entry.times, bodyMs: site.nowMs() };
  site.changed();
  return complete;
}

async function play(
  steps: Iterable<Step>,
  connection: Connection,
  entry: OpenEntry,
  site: Site,
): Promise<Outcome> {
  for (const step of steps) {
    if (connection.goneBecause) return connection.goneBecause;
    if (step.kind === "end") {
      await connection.end(step.by);
      return "cut";
    }
    if (step.kind !== "write") await connection.wait(step.kind === "wait" ? step.forMs : undefined);
    else if (!(await send(step.bytes, connection, entry, site)))
      return connection.goneBecause ?? "client_gone";
  }
  // A client that leaves after the last byte was answered.
  return "answered";
}

async function send(
  bytes: Uint8Array,
  connection: Connection,
  entry: OpenEntry,
  site: Site,
): Promise<boolean> {
  if (!(await connection.write(bytes))) return false;
  entry.bytesSent += bytes.length;
  entry.times = { ...entry.times, firstByteMs: entry.times.firstByteMs ?? site.nowMs() };
  site.changed();
  return true;
}

function finish(entry: OpenEntry, outcome: Outcome, site: Site): void {
  entry.outcome = outcome;
  entry.times = { ...entry.times, endMs: site.nowMs() };
  site.changed();
}
