import { createServer } from "node:net";
import type { Server } from "node:net";
import type { Answer } from "./answer.ts";
import { answerAtHead } from "./behaviour.ts";
import type { Behaviour } from "./behaviour.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { openEntry } from "./ledger.ts";
import type { LedgerEntry, OpenEntry, ReceivedRequest } from "./ledger.ts";
import { createWaiters } from "./waiters.ts";
import { seededRandom } from "./seeded-random.ts";
import { serveConnection } from "./serve-connection.ts";
import type { Site } from "./serve-connection.ts";

export interface FaultyUpstreamOptions {
  readonly behaviour: Behaviour;
  /** Decides every random split; 1 unless given. */
  readonly seed?: number;
  /** Runs pauses, drips, flapping by time, and the ledger's times; the system's clock unless given. */
  readonly clock?: Clock;
  /** How much of each request body the ledger keeps; 1 MiB unless given. */
  readonly keepBodyBytes?: number;
}

/** What `waitFor` looks at. */
export interface UpstreamState {
  /** One entry per request, in order of arrival. */
  readonly ledger: readonly LedgerEntry[];
  readonly connections: { readonly open: number; readonly total: number };
}

export interface FaultyUpstream extends UpstreamState, AsyncDisposable {
  /** `http://127.0.0.1:` and a free port, without a path. */
  readonly url: string;
  readonly seed: number;
  /** From the next request on; counting and time of lists and flapping start anew. */
  setBehaviour(behaviour: Behaviour): void;
  /** Resolves when `isTrue` holds; rejects with the ledger's state after `timeoutMs` (5,000), or when closed before. */
  waitFor(isTrue: (state: UpstreamState) => boolean, timeoutMs?: number): Promise<void>;
  /**
   * Drops every connection and frees the port, whatever is stalled.
   *
   * @throws what a behaviour threw, and RangeError for a fault placed beyond its answer's end
   */
  close(): Promise<void>;
}

/** Starts the server on a free loopback port. */
export async function startFaultyUpstream(options: FaultyUpstreamOptions): Promise<FaultyUpstream> {
  const upstream = createUpstream(options);
  await new Promise<void>((resolve, reject) => {
    upstream.server.once("error", reject);
    upstream.server.listen(0, "127.0.0.1", resolve);
  });
  const address = upstream.server.address();
  if (address === null || typeof address === "string") throw new Error("no loopback port to be had");
  const { state, seed, setBehaviour, waitFor, close } = upstream;
  return {
    url: `http://127.0.0.1:${address.port}`,
    seed,
    ledger: state.ledger,
    get connections() {
      return state.connections;
    },
    setBehaviour,
    waitFor,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createUpstream({
  seed = 1,
  clock = systemClock,
  keepBodyBytes = 2 ** 20,
  ...options
}: FaultyUpstreamOptions) {
  const ledger: OpenEntry[] = [];
  const open = new Map<Connection, Promise<unknown>>();
  const failures: unknown[] = [];
  const script = createScript(options.behaviour, clock);
  let total = 0;
  const state: UpstreamState = {
    ledger,
    get connections() {
      return { open: open.size, total };
    },
  };
  const waiters = createWaiters(state, clock);

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, clock);
    total += 1;
    const closed = new Promise<void>((resolve) => {
      socket.once("close", () => {
        open.delete(connection);
        waiters.look();
        resolve();
      });
    });
    const served = serveConnection(connection, siteFor(total)).catch((error: unknown) => {
      failures.push(error);
      return connection.end("rst");
    });
    open.set(connection, Promise.all([served, closed]));
    waiters.look();
  });

  const siteFor = (connectionNumber: number): Site => ({
    open(head) {
      const entry = openEntry(head, ledger.length + 1, connectionNumber, clock.nowMs());
      ledger.push(entry);
      waiters.look();
      return entry;
    },
    choose: script.choose,
    randomFor: (requestNumber) => seededRandom(seed, requestNumber),
    nowMs: () => clock.nowMs(),
    changed: waiters.look,
    keepBodyBytes,
  });

  async function closeAll(): Promise<void> {
    const stopped = stopListening(server);
    const serving = [...open.values()];
    for (const connection of open.keys()) connection.drop();
    waiters.rejectAll(new Error("the faulty upstream was closed"));
    await Promise.all([stopped, ...serving]);
    if (failures.length > 0) throw failures[0];
  }
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeAll());
  return { server, state, seed, setBehaviour: script.set, waitFor: waiters.waitFor, close };
}

/** Counts requests and time since the behaviour was set. */
function createScript(first: Behaviour, clock: Clock) {
  let behaviour: Behaviour = first;
  let index = 0;
  let sinceMs = clock.nowMs();
  return {
    set: (next: Behaviour): void => {
      behaviour = next;
      index = 0;
      sinceMs = clock.nowMs();
    },
    choose: (): Answer | ((request: ReceivedRequest) => Answer) =>
      typeof behaviour === "function" ? behaviour : answerAtHead(behaviour, index++, clock.nowMs() - sinceMs),
  };
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
