import type { IncomingMessage, ServerResponse } from "node:http";
import { authenticate } from "./authenticate.ts";
import { sleep } from "./clock.ts";
import { bodyTooLarge, invalidRequest, unknownRouteBody } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { LedgerEntry } from "./ledger.ts";
import { readBody } from "./read-body.ts";
import type { Fault } from "./replay.ts";
import { jsonReply, problemReply, type Reply } from "./reply.ts";
import { findRoute } from "./routes.ts";
import type { Simulation } from "./simulation.ts";
import { openSink } from "./sink.ts";
import { writeReplay } from "./write-replay.ts";
import { writeReply } from "./write-reply.ts";

/** Takes one request from its first byte to its entry in the ledger. */
export async function serveRequest(
  simulation: Simulation,
  message: IncomingMessage,
  response: ServerResponse,
  record: (entry: LedgerEntry) => void,
): Promise<void> {
  const { clock } = simulation;
  const entry = openEntry(message, clock.now());
  record(entry);
  const sink = openSink(message, response, entry, clock);
  const tooLarge = !(await readInto(entry, message));
  const replay = simulation.replays.find((candidate) => candidate.match(entry));
  if (replay !== undefined) return writeReplay(replay, sink);
  const fault = simulation.faults.take(entry);
  await sleep(clock, fault?.delayMs ?? 0, sink.gone);
  const exchange = openExchange(entry, message);
  const reply = tooLarge ? problemReply(bodyTooLarge) : await replyTo(simulation, exchange, fault);
  try {
    await writeReply(simulation, exchange, reply, fault, sink);
  } finally {
    reply.release?.();
  }
}

function openEntry(message: IncomingMessage, receivedAtMs: number): LedgerEntry {
  return {
    method: message.method ?? "GET",
    path: message.url ?? "/",
    headers: message.headers,
    receivedAtMs,
    body: Buffer.alloc(0),
    json: undefined,
    answer: { status: undefined, bytesSent: 0, finishedAtMs: undefined, clientAbortedAtMs: undefined },
  };
}

/** False when the body is larger than the service takes. Forms are left to the endpoint that knows them. */
async function readInto(entry: LedgerEntry, message: IncomingMessage): Promise<boolean> {
  if (isForm(entry)) return true;
  const body = await readBody(message);
  if (body === undefined) return false;
  entry.body = body;
  entry.json = parseJson(body);
  return true;
}

function isForm({ headers }: LedgerEntry): boolean {
  return (headers["content-type"] ?? "").startsWith("multipart/");
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function openExchange(entry: LedgerEntry, message: IncomingMessage): Exchange {
  const { method, path, body, json } = entry;
  return { message, method, pathname: path.replace(/[?#].*$/s, ""), apiKey: "", body, json };
}

// An unknown route answers 404 to anybody, a known one wants a key first (probed 2026-07-27).
async function replyTo(simulation: Simulation, exchange: Exchange, fault: Fault | undefined): Promise<Reply> {
  if (fault?.error !== undefined) return problemReply(fault.error, fault.error.headers);
  const routing = findRoute(exchange.method, exchange.pathname);
  if (routing.kind === "unknown") return jsonReply(unknownRouteBody, 404);
  const caller = authenticate(exchange.message.headers, simulation.apiKeys);
  if ("problem" in caller) return problemReply(caller.problem);
  if (routing.kind === "wrong method") return wrongMethod(exchange, routing.allowed);
  if (exchange.body.length > 0 && exchange.json === undefined)
    return problemReply(invalidRequest("Invalid request: the body is not valid JSON"));
  return routing.endpoint(simulation, { ...exchange, apiKey: caller.apiKey }, routing.id);
}

function wrongMethod({ method, pathname }: Exchange, allowed: readonly string[]): Reply {
  const problem = invalidRequest(`Invalid request: method ${method} is not allowed for ${pathname}`);
  return problemReply({ ...problem, status: 405 }, { Allow: allowed.join(", ") });
}
