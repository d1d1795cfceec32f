import { Agent } from "node:http";
import { expect, test } from "vitest";
import {
  chatChunks,
  closeAfter,
  cutAt,
  faulty,
  json,
  resetAfter,
  resetAt,
  silence,
  stallAt,
  startFaultyUpstream,
  status,
} from "../src/faulty-upstream.ts";
import type { Answer, Outcome } from "../src/faulty-upstream.ts";
import { nodeRequest } from "./node-client.ts";
import { exchange, getRequest, postRequest, rawClient } from "./raw-client.ts";

const one = json({ a: 1 });

test("writes down a request as it came", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: one });
  const headers = "X-Key: 1\r\nx-key: 2\r\n__proto__: p\r\nconnection: close\r\n";
  const { bytes } = await exchange(upstream.url, postRequest('{"é":1}', headers));
  expect(upstream.ledger).toHaveLength(1);
  const [entry] = upstream.ledger;
  expect(entry).toMatchObject({
    number: 1,
    connection: 1,
    method: "POST",
    path: "/v1/chat/completions",
    rawHeaders: [
      ["host", "h"],
      ["X-Key", "1"],
      ["x-key", "2"],
      ["__proto__", "p"],
      ["connection", "close"],
      ["content-length", "8"],
    ],
    body: Buffer.from('{"é":1}'),
    bodyBytes: 8,
    bodyComplete: true,
    bytesSent: bytes.length,
    outcome: "answered",
  });
  expect(entry?.headers["x-key"]).toBe("1, 2");
  expect(Object.keys(entry?.headers ?? {})).toContain("__proto__");
});

test("removes the chunks of an upload", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: one });
  const chunks = "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\ntrailer: t\r\n\r\n";
  await exchange(
    upstream.url,
    `POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunks}`,
  );
  expect(upstream.ledger[0]).toMatchObject({ body: Buffer.from("abc0123456789"), bodyBytes: 13 });
});

test("keeps no more of a body than told, and counts all of it", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: one, keepBodyBytes: 5 });
  await exchange(upstream.url, postRequest("0123456789", "connection: close\r\n"));
  expect(upstream.ledger[0]).toMatchObject({ body: Buffer.from("01234"), bodyBytes: 10, bodyComplete: true });
});

test("dates what happened in the order it happened", async () => {
  let now = 0;
  const clock = { nowMs: () => ++now, after: () => () => {} };
  await using upstream = await startFaultyUpstream({ behaviour: one, clock });
  await exchange(upstream.url, postRequest("{}", "connection: close\r\n"));
  const { headMs, bodyMs, firstByteMs, endMs } = upstream.ledger[0]!.times;
  const times = [headMs, bodyMs, firstByteMs, endMs];
  expect(times.every((time) => time !== undefined)).toBe(true);
  expect(times.toSorted((a = 0, b = 0) => a - b)).toEqual(times);
});

test.for<[name: string, answer: Answer, outcome: Outcome]>([
  ["answered", one, "answered"],
  ["answered, then FIN", faulty(one, closeAfter()), "answered"],
  ["answered, then RST", faulty(one, resetAfter({ afterMs: 1 })), "answered"],
  ["cut by FIN", faulty(chatChunks("a b"), cutAt({ afterEvents: 2 })), "cut"],
  ["cut by RST", faulty(chatChunks("a b"), resetAt({ insideEvent: 1 })), "cut"],
  ["cut before the first byte", faulty(one, resetAt("start")), "cut"],
])("calls a request %s by its outcome, and counts the bytes the client saw", async ([, answer, outcome]) => {
  await using upstream = await startFaultyUpstream({ behaviour: answer });
  const { bytes } = await exchange(upstream.url);
  await upstream.waitFor(({ ledger }) => ledger[0]?.outcome !== "pending");
  expect(upstream.ledger[0]).toMatchObject({ outcome, bytesSent: bytes.length });
});

test.for(["FIN", "RST"] as const)(
  "calls a client that leaves mid-answer by %s gone, at once",
  async (how) => {
    await using upstream = await startFaultyUpstream({
      behaviour: faulty(chatChunks("a"), stallAt({ afterEvents: 1 })),
    });
    await using client = await rawClient(upstream.url);
    client.send(getRequest);
    await client.untilText("assistant");
    if (how === "FIN") client.socket.end();
    else client.socket.resetAndDestroy();
    const begin = performance.now();
    await upstream.waitFor(
      ({ ledger, connections }) => ledger[0]?.outcome === "client_gone" && connections.open === 0,
    );
    expect(performance.now() - begin).toBeLessThan(500);
  },
);

test("calls a client that leaves mid-upload gone, with what it sent", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: one });
  const client = await rawClient(upstream.url);
  client.send("POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\n123");
  await upstream.waitFor(({ ledger }) => ledger[0]?.bodyBytes === 3);
  await client[Symbol.asyncDispose]();
  await upstream.waitFor(({ ledger }) => ledger[0]?.outcome === "client_gone");
  expect(upstream.ledger[0]).toMatchObject({ body: Buffer.from("123"), bodyComplete: false, bytesSent: 0 });
});

test("writes down a request that lost the race against a FIN: it arrived, and nothing was sent", async () => {
  await using upstream = await startFaultyUpstream({
    behaviour: [faulty(one, closeAfter({ afterMs: 30 })), status(500)],
  });
  await using client = await rawClient(upstream.url);
  client.send(getRequest);
  await client.untilText('{"a":1}');
  client.send(postRequest("late"));
  const { text } = await client.untilEnd();
  expect(text.endsWith('{"a":1}')).toBe(true);
  await upstream.waitFor(({ ledger }) => ledger[1]?.outcome === "cut");
  expect(upstream.ledger[1]).toMatchObject({ body: Buffer.from("late"), bytesSent: 0 });
});

test("counts connections, open and in total", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await using upstream = await startFaultyUpstream({ behaviour: one });
  await nodeRequest(upstream.url, "1", agent);
  await nodeRequest(upstream.url, "2", agent);
  expect(upstream.connections).toEqual({ open: 1, total: 1 });
  agent.destroy();
  await upstream.waitFor(({ connections }) => connections.open === 0);
  await exchange(upstream.url);
  expect(upstream.connections.total).toBe(2);
});

test("numbers requests over the whole life and starts a new behaviour's list anew", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: [status(500), status(501)] });
  await nodeRequest(upstream.url);
  upstream.setBehaviour([status(502), status(503)]);
  const { status: code } = await nodeRequest(upstream.url);
  expect([code, upstream.ledger.at(-1)?.number]).toEqual([502, 2]);
});

test("answers 400 to what is no HTTP request, outside the ledger", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: one });
  const { text } = await exchange(upstream.url, "nonsense\r\n\r\n");
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(upstream.ledger).toEqual([]);
});

test("says what waitFor waited for when it does not come", async () => {
  await using upstream = await startFaultyUpstream({ behaviour: silence() });
  await expect(upstream.waitFor(({ ledger }) => ledger.length === 3, 10)).rejects.toThrow(
    /not true within 10 ms: .*ledger\.length === 3/,
  );
});
