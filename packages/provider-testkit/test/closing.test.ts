import { getActiveResourcesInfo } from "node:process";
import { expect, test, vi } from "vitest";
import {
  chatChunks,
  closeAfter,
  cutAt,
  drip,
  faulty,
  filler,
  json,
  silence,
  stallAt,
  startFaultyUpstream,
  status,
} from "../src/faulty-upstream.ts";
import type { Answer, Clock } from "../src/faulty-upstream.ts";
import { exchange, getRequest, rawClient } from "./raw-client.ts";

// The process under test shares its event loop with the test runner, so only growth over the start counts.
const sockets = () => getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length;

/** The system's time, with a count of the timers that run. */
function countingClock() {
  const running = new Set<NodeJS.Timeout>();
  const stop = (timer: NodeJS.Timeout) => {
    clearTimeout(timer);
    running.delete(timer);
  };
  const clock: Clock = {
    nowMs: () => performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(() => {
        running.delete(timer);
        callback();
      }, delayMs);
      running.add(timer);
      return () => stop(timer);
    },
  };
  return { clock, running };
}

test.for<[name: string, answer: Answer, timers: number]>([
  ["silent before headers", silence(), 0],
  ["silent in mid-stream", faulty(chatChunks("a"), stallAt({ afterEvents: 1 })), 0],
  ["pausing for an hour", faulty(json(1), stallAt("start", { forMs: 3_600_000 })), 1],
  ["dripping a byte an hour", faulty(status(200, "abc"), drip({ everyMs: 3_600_000 })), 1],
  ["ending an hour after the answer", faulty(json(1), closeAfter({ afterMs: 3_600_000 })), 1],
  ["cut, while the client keeps its side open", faulty(json(1), cutAt({ byte: 1 })), 0],
  ["answered, and kept alive", json(1), 0],
])("closes at once and leaves neither socket nor timer behind: %s", async ([, answer, timers]) => {
  const before = sockets();
  const { clock, running } = countingClock();
  const upstream = await startFaultyUpstream({ behaviour: answer, clock });
  const client = await rawClient(upstream.url);
  client.send(getRequest);
  await upstream.waitFor(({ ledger }) => ledger.length === 1);
  await vi.waitFor(() => expect(running.size).toBe(timers));
  expect(sockets()).toBeGreaterThan(before);
  const begin = performance.now();
  await upstream.close();
  expect(performance.now() - begin).toBeLessThan(500);
  expect(running.size).toBe(0);
  expect(upstream.connections.open).toBe(0);
  await client.untilEnd();
  await client[Symbol.asyncDispose]();
  // A handle is counted until the turn of the loop after its close.
  await vi.waitFor(() => expect(sockets()).toBe(before));
});

test("closes while a client does not read", async () => {
  const upstream = await startFaultyUpstream({ behaviour: status(200, filler(Infinity)) });
  await using client = await rawClient(upstream.url);
  client.socket.pause();
  client.send(getRequest);
  await upstream.waitFor(({ ledger }) => (ledger[0]?.bytesSent ?? 0) > 100_000);
  await upstream.close();
  expect(upstream.ledger[0]?.outcome).toBe("server_closed");
});

test("closes while an upload is half there", async () => {
  const upstream = await startFaultyUpstream({ behaviour: json(1) });
  await using client = await rawClient(upstream.url);
  client.send("POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\n123");
  await upstream.waitFor(({ ledger }) => ledger[0]?.bodyBytes === 3);
  await upstream.close();
  expect(upstream.ledger[0]).toMatchObject({ outcome: "server_closed", bodyComplete: false });
});

test("closes twice as once, and lets nobody wait on", async () => {
  const upstream = await startFaultyUpstream({ behaviour: json(1) });
  const waiting = expect(upstream.waitFor(() => false)).rejects.toThrow("was closed");
  await Promise.all([upstream.close(), upstream.close()]);
  await waiting;
});

test.for<[name: string, behaviour: Answer | (() => Answer), message: string]>([
  [
    "a behaviour that throws",
    () => {
      throw new Error("my mistake");
    },
    "my mistake",
  ],
  ["a fault beyond the body's end", faulty(json(1), cutAt({ byte: 2 })), 'no position {"byte":2}'],
  [
    "a fault beyond the wire's end",
    faulty(json(1), cutAt({ wireByte: 9999 })),
    'no position {"wireByte":9999}',
  ],
  ["a fault inside a character of an ASCII body", faulty(json(1), cutAt("insideCharacter")), "no position"],
])("resets the client and fails on close by %s", async ([, behaviour, message]) => {
  const upstream = await startFaultyUpstream({ behaviour });
  const { ended } = await exchange(upstream.url);
  expect(ended).toBe("rst");
  expect(upstream.ledger[0]?.outcome).toBe("cut");
  await expect(upstream.close()).rejects.toThrow(message);
});
