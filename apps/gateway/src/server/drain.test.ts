import { connect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openRaw } from "../../test/raw-http.ts";
import { ShuttingDown } from "./abort-reasons.ts";
import { encodeRefusal } from "../errors/encode-refusal.ts";
import { createHttpServer, type RequestHandler } from "./create-http-server.ts";
import type { HttpLimits } from "./http-limits.ts";

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const longGraceMs = 10_000;

async function serve(handler: RequestHandler, limits: Partial<HttpLimits> = {}) {
  const internalErrors: unknown[] = [];
  const server = createHttpServer({
    handler,
    limits: { connectionsCheckingIntervalMs: 20, drainPollMs: 5, farewellMs: 200, ...limits },
    encodeRefusal,
    onRefused: () => undefined,
    onInternalError: (error) => internalErrors.push(error),
  });
  const { port } = await server.listen(0, "127.0.0.1");
  return { server, port, internalErrors };
}

const ok: RequestHandler = async (_request, responder) => responder.send(200, {}, "ok");

async function elapsedMs(work: Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

test("accepts nothing new, and closes idle and silent connections at once", async () => {
  const { server, port } = await serve(ok);
  const silent = await openRaw(port);
  const idle = (await openRaw(port)).send(get);
  await idle.answer();
  expect(await elapsedMs(server.shutdown(longGraceMs))).toBeLessThan(1000);
  expect([await silent.closed, await idle.closed]).toEqual(["", ""]);
  const refused = connect({ port, host: "127.0.0.1" });
  await expect(once(refused, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("lets streams finish inside the grace, and ends as soon as the last one has", async () => {
  const finish = Promise.withResolvers<void>();
  const { server, port } = await serve(async (_request, responder) => {
    const writer = responder.startStream(200, {});
    await writer.write("first");
    await finish.promise;
    await writer.write("last");
    writer.end();
  });
  const client = (await openRaw(port)).send(get);
  await client.until("first");
  const shutdown = server.shutdown(longGraceMs);
  expect(server.inFlight).toBe(1);
  finish.resolve();
  expect(await client.answer()).toMatchObject({ body: "firstlast" });
  expect(await elapsedMs(shutdown)).toBeLessThan(1000);
  expect(server.inFlight).toBe(0);
});

test("makes every answer its connection's last", async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const { server, port } = await serve(async (_request, responder) => {
    begun.resolve();
    await finish.promise;
    responder.send(200, {}, "");
  });
  const client = (await openRaw(port)).send(get);
  await begun.promise;
  const shutdown = server.shutdown(longGraceMs);
  finish.resolve();
  expect(await client.answer()).toMatchObject({ status: 200, headers: { connection: "close" } });
  await shutdown;
});

test("cuts half-sent requests at their own deadline, long before the grace ends", async () => {
  const { server, port } = await serve(ok, { headersTimeoutMs: 150, requestTimeoutMs: 150 });
  const client = (await openRaw(port)).send("GET / HTTP/1.1\r\nHost: h\r\n");
  await settle();
  const shutdown = server.shutdown(longGraceMs);
  expect(await client.answer()).toMatchObject({ status: 408 });
  expect(await elapsedMs(shutdown)).toBeLessThan(3000);
});

test("serves a half-sent request that is completed inside the grace", async () => {
  const { server, port } = await serve(ok);
  const client = (await openRaw(port)).send("GET / HTTP/1.1\r\nHost: h\r\n");
  await settle();
  const shutdown = server.shutdown(longGraceMs);
  expect(await client.send("\r\n").answer()).toMatchObject({ status: 200, headers: { connection: "close" } });
  await shutdown;
});

test("gives live streams a last word when the grace has passed", async () => {
  const { server, port, internalErrors } = await serve(async (request, responder) => {
    const writer = responder.startStream(200, {});
    await writer.write("first");
    await once(request.signal, "abort");
    await writer.write(`error: ${request.signal.reason instanceof ShuttingDown}`);
    writer.end();
  });
  const clients = await Promise.all(Array.from({ length: 20 }, () => openRaw(port)));
  await Promise.all(clients.map((client) => client.send(get).until("first")));
  expect(await elapsedMs(server.shutdown(50))).toBeLessThan(1000);
  const answers = await Promise.all(clients.map((client) => client.answer()));
  expect(answers.map(({ body }) => body)).toEqual(clients.map(() => "firsterror: true"));
  expect(internalErrors).toEqual([]);
});

test("answers 503 to a request that had no answer yet, and to an upload that is not complete", async () => {
  const { server, port, internalErrors } = await serve(async (request) => {
    await request.readBody(10);
    await once(request.signal, "abort");
    throw request.signal.reason;
  });
  const waiting = (await openRaw(port)).send(get);
  const uploading = (await openRaw(port)).send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
  await expect.poll(() => server.inFlight).toBe(2);
  await server.shutdown(0);
  for (const client of [waiting, uploading]) {
    const answer = await client.answer();
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body).error).toMatchObject({ type: "overloaded_error", code: "shutting_down" });
  }
  expect(internalErrors).toEqual([]);
});

test("cuts what does not end, and joins a second shutdown to the first", async () => {
  const { server, port } = await serve(async (_request, responder) => {
    await responder.startStream(200, {}).write("first");
    await new Promise(() => undefined);
  });
  const client = (await openRaw(port)).send(get);
  await client.until("first");
  const shutdown = server.shutdown(20);
  expect(server.shutdown(longGraceMs)).toBe(shutdown);
  await shutdown;
  expect(await client.closed).not.toContain("0\r\n\r\n");
});

test("does not cut a finished answer that a slow client is still reading", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, "a");
  const { server, port } = await serve(async (_request, responder) => responder.send(200, {}, body));
  const client = await openRaw(port);
  client.socket.pause();
  client.send(get);
  await expect.poll(() => server.inFlight).toBe(1);
  const shutdown = server.shutdown(longGraceMs);
  await settle();
  client.socket.resume();
  expect((await client.closed).split("\r\n\r\n")[1]?.length).toBe(body.length);
  await shutdown;
});

/** Long enough for bytes to cross the loopback, and for several looks at idle connections. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 40));
}
