import { afterEach, expect, test } from "vitest";
import { askRaw, openRaw } from "../../test/raw-http.ts";
import { encodeRefusal } from "../errors/encode-refusal.ts";
import { createHttpServer, type HttpServer, type RequestHandler } from "./create-http-server.ts";
import type { HttpLimits } from "./http-limits.ts";
import { RequestRefusal } from "./request-refusal.ts";

const servers: HttpServer[] = [];
const get = "GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n";
const post = (headers: string, body = "") => `POST /v1 HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`;

async function serve(handler: RequestHandler, limits: Partial<HttpLimits> = {}) {
  const internalErrors: { error: unknown; requestId: string }[] = [];
  const server = createHttpServer({
    handler,
    limits: { connectionsCheckingIntervalMs: 20, drainPollMs: 5, farewellMs: 20, ...limits },
    encodeRefusal,
    onRefused: () => undefined,
    onInternalError: (error, requestId) => internalErrors.push({ error, requestId }),
  });
  servers.push(server);
  const { port } = await server.listen(0, "127.0.0.1");
  return { server, port, internalErrors };
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.shutdown(0))));

const echo: RequestHandler = async (request, responder) => {
  responder.send(200, {}, await request.readBody(1000));
};

test("names every answer after its request and the client's own trace", async () => {
  const { port } = await serve(async (request, responder) =>
    responder.send(200, { "x-seen": request.id }, "ok"),
  );
  const plain = await askRaw(port, get);
  expect(plain.headers["x-request-id"]).toBe(plain.headers["x-seen"]);
  expect(plain.headers["x-portkey-trace-id"]).toBe(plain.headers["x-seen"]);
  expect(plain.headers["content-length"]).toBe("2");
  const traced = await askRaw(port, get.replace("\r\n\r\n", "\r\nX-Portkey-Trace-Id: mine\r\n\r\n"));
  expect(traced.headers["x-portkey-trace-id"]).toBe("mine");
});

test("shows the handler what was asked", async () => {
  const { port } = await serve(async (request, responder) => {
    const { method, path, remoteAddress, query } = request;
    responder.send(
      200,
      {},
      JSON.stringify({ method, path, remoteAddress, q: query.get("q"), a: request.header("x-a") }),
    );
  });
  const answer = await askRaw(port, "DELETE /v1/a%20b?q=1+2 HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\r\n");
  expect(JSON.parse(answer.body)).toEqual({
    method: "DELETE",
    path: "/v1/a%20b",
    remoteAddress: "127.0.0.1",
    q: "1 2",
    a: "b",
  });
});

test("streams: headers at once, then every piece, strings as UTF-8", async () => {
  const headersSeen = Promise.withResolvers<void>();
  const { port } = await serve(async (_request, responder) => {
    const writer = responder.startStream(200, { "content-type": "text/event-stream" });
    await headersSeen.promise;
    await writer.write("月");
    await writer.write("");
    await writer.write(Buffer.from("!"));
    writer.end();
  });
  const client = (await openRaw(port)).send(get);
  await client.until("\r\n\r\n");
  headersSeen.resolve();
  const answer = await client.answer();
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  expect(Buffer.from(answer.body, "latin1").toString()).toBe("月!");
});

test("answers 500 when the handler throws, reports it, and serves the next request", async () => {
  const mistake = new TypeError("secret detail");
  let calls = 0;
  const { port, internalErrors } = await serve(async (_request, responder) => {
    calls++;
    if (calls === 1) throw mistake;
    responder.send(200, {}, "ok");
  });
  const client = (await openRaw(port)).send(get);
  const failed = await client.answer();
  expect(failed.status).toBe(500);
  expect(JSON.parse(failed.body).error).toMatchObject({
    type: "internal_server_error",
    param: null,
    code: "internal",
  });
  expect(failed.body).not.toContain("secret");
  expect(internalErrors).toEqual([{ error: mistake, requestId: failed.headers["x-request-id"] }]);
  expect(await client.send(get).answer()).toMatchObject({ status: 200 });
});

test.each<[string, RequestHandler]>([
  ["throws", () => Promise.reject(new Error("broken"))],
  ["returns without an answer", () => Promise.resolve()],
  [
    "answers with a header that cannot be sent",
    async (_request, responder) => responder.send(200, { "x-a": "月" }, ""),
  ],
])("answers 500 to a handler that %s", async (_name, handler) => {
  const { port, internalErrors } = await serve(handler);
  expect(await askRaw(port, get)).toMatchObject({ status: 500 });
  expect(internalErrors).toHaveLength(1);
});

test.each<[string, RequestHandler, number]>([
  ["throws", (_request, responder) => brokenStream(responder, () => Promise.reject(new Error("broken"))), 1],
  ["throws a refusal", (_request, responder) => brokenStream(responder, () => Promise.reject(notFound())), 1],
  ["returns", (_request, responder) => brokenStream(responder, () => Promise.resolve()), 1],
  ["destroys it", (_request, responder) => brokenStream(responder, async (writer) => writer.destroy()), 0],
])("cuts a stream whose handler %s before its end", async (_name, handler, reports) => {
  const { port, internalErrors } = await serve(handler);
  const client = (await openRaw(port)).send(get);
  const received = await client.closed;
  expect(received).toContain("half");
  expect(received).not.toContain("0\r\n\r\n");
  expect(internalErrors).toHaveLength(reports);
});

type Started = ReturnType<Parameters<RequestHandler>[1]["startStream"]>;

async function brokenStream(
  responder: Parameters<RequestHandler>[1],
  then: (writer: Started) => Promise<void>,
) {
  const writer = responder.startStream(200, {});
  await writer.write("half");
  await then(writer);
}

function notFound(): RequestRefusal {
  return new RequestRefusal(404, "model_not_found", "There is no such model.", "model");
}

test("answers a refusal of the handler with its status and keeps the connection", async () => {
  const { port, internalErrors } = await serve(() => Promise.reject(notFound()));
  const client = (await openRaw(port)).send(get);
  const answer = await client.answer();
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toEqual({
    error: {
      message: "There is no such model. (litellm.NotFoundError)",
      type: "invalid_request_error",
      param: "model",
      code: "model_not_found",
    },
  });
  expect(await client.send(get).answer()).toMatchObject({ status: 404 });
  expect(internalErrors).toEqual([]);
});

test("serves requests sent ahead one after the other", async () => {
  let atOnce = 0;
  let most = 0;
  const { port } = await serve(async (request, responder) => {
    most = Math.max(most, ++atOnce);
    const body = await request.readBody(10);
    await new Promise(setImmediate);
    atOnce--;
    responder.send(200, {}, body);
  });
  const client = await openRaw(port);
  client.send([1, 2, 3].map((number) => post("Content-Length: 1\r\n", `${number}`)).join(""));
  const bodies = [await client.answer(), await client.answer(), await client.answer()].map(
    ({ body }) => body,
  );
  expect(bodies).toEqual(["1", "2", "3"]);
  expect(most).toBe(1);
});

test("cuts a client that sends too many requests ahead", async () => {
  const { port } = await serve(() => new Promise(() => undefined), { maxPipelinedRequests: 2 });
  expect(await (await openRaw(port)).send(get.repeat(4)).closed).toBe("");
});

test("answers a body over the limit at once, and delivers that to a client that is still sending", async () => {
  const bodyBytes = 11 * 1024 * 1024;
  const { port } = await serve(async (request) => void (await request.readBody(10 * 1024 * 1024)));
  const client = await openRaw(port, { allowHalfOpen: true });
  client.send(post(`Content-Length: ${bodyBytes}\r\n`, "a"));
  const answer = await client.answer();
  expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
  expect(JSON.parse(answer.body).error.code).toBe("request_too_large");
  const sent = Promise.withResolvers<Error | null | undefined>();
  client.socket.write(Buffer.alloc(bodyBytes - 1), sent.resolve);
  expect(await sent.promise).toBeFalsy();
  client.end();
  await client.closed;
});

test("answers a chunked body as soon as it is over the limit", async () => {
  const { port } = await serve(echo);
  const client = await openRaw(port);
  client.send(post("Transfer-Encoding: chunked\r\n", `3e8\r\n${"a".repeat(1000)}\r\n1\r\na`));
  expect(await client.answer()).toMatchObject({ status: 413, headers: { connection: "close" } });
});

test("takes a body of exactly the limit, whole or in chunks", async () => {
  const { port } = await serve(echo);
  const body = "a".repeat(1000);
  expect(await askRaw(port, post("Content-Length: 1000\r\n", body))).toMatchObject({ status: 200, body });
  const chunked = `1f4\r\n${body.slice(500)}\r\n1f4\r\n${body.slice(500)}\r\n0\r\n\r\n`;
  expect(await askRaw(port, post("Transfer-Encoding: chunked\r\n", chunked))).toMatchObject({
    status: 200,
    body,
  });
});

test("cuts off a refused client that never stops sending", async () => {
  const { port } = await serve(echo, { lingerMs: 50 });
  const client = await openRaw(port, { allowHalfOpen: true });
  client.send(post("Content-Length: 999999999\r\n"));
  expect(await client.answer()).toMatchObject({ status: 413 });
  const drip = setInterval(() => client.send("a"), 5);
  await client.closed;
  clearInterval(drip);
});

test("refuses a compressed body with 415 and takes identity", async () => {
  const { port } = await serve(echo);
  const withEncoding = (encoding: string) =>
    post(`Content-Encoding: ${encoding}\r\nContent-Length: 1\r\n`, "a");
  expect(await askRaw(port, withEncoding("gzip"))).toMatchObject({ status: 415 });
  expect(await askRaw(port, withEncoding("identity"))).toMatchObject({ status: 200, body: "a" });
});

test("lets a waiting client go on only when its body is wanted", async () => {
  const { port } = await serve(echo);
  const client = (await openRaw(port)).send(post("Expect: 100-continue\r\nContent-Length: 3\r\n"));
  expect(await client.answer()).toMatchObject({ status: 100 });
  expect(await client.send("abc").answer()).toMatchObject({ status: 200, body: "abc" });
  const refused = (await openRaw(port)).send(post("Expect: 100-continue\r\nContent-Length: 2000\r\n"));
  expect(await refused.answer()).toMatchObject({ status: 413, headers: { connection: "close" } });
});

test("drops a small unread body and keeps the connection", async () => {
  const { port } = await serve(() => Promise.reject(notFound()));
  const client = (await openRaw(port)).send(post("Content-Length: 1000\r\n"));
  expect(await client.answer()).toMatchObject({ status: 404, headers: { connection: "keep-alive" } });
  expect(await client.send("a".repeat(1000)).send(get).answer()).toMatchObject({ status: 404 });
});

test("closes behind a large unread body", async () => {
  const { port } = await serve(() => Promise.reject(notFound()));
  const client = (await openRaw(port)).send(post("Content-Length: 1000000\r\n", "a"));
  expect(await client.answer()).toMatchObject({ status: 404, headers: { connection: "close" } });
  expect(await client.closed).toBe("");
});

test("reads a streamed upload no faster than it is consumed", async () => {
  const letGo = Promise.withResolvers<void>();
  const { port } = await serve(async (request, responder) => {
    let size = 0;
    for await (const part of request.bodyStream()) {
      size += part.length;
      await letGo.promise;
    }
    responder.send(200, {}, String(size));
  });
  const client = await openRaw(port);
  const bodyBytes = 64 * 1024 * 1024;
  client.send(post(`Content-Length: ${bodyBytes}\r\n`)).send(Buffer.alloc(bodyBytes));
  await settled(() => client.socket.writableLength);
  expect(client.socket.writableLength).toBeGreaterThan(0);
  letGo.resolve();
  expect(await client.answer()).toMatchObject({ status: 200, body: String(bodyBytes) });
});

test("answers an upload whose consumer stopped early", async () => {
  const { port } = await serve(async (request, responder) => {
    for await (const part of request.bodyStream()) {
      responder.send(400, {}, String(part.length > 0));
      break;
    }
  });
  const client = (await openRaw(port)).send(post("Content-Length: 1000000\r\n", "a"));
  expect(await client.answer()).toMatchObject({
    status: 400,
    body: "true",
    headers: { connection: "close" },
  });
});

test("holds back the writer of a stream that is not read, and cuts the client in the end", async () => {
  let written = 0;
  const ended = Promise.withResolvers<string>();
  const { port, server } = await serve(
    async (request, responder) => {
      const writer = responder.startStream(200, {});
      while (!request.signal.aborted) {
        written++;
        await writer.write(Buffer.alloc(64 * 1024));
      }
      ended.resolve(await responder.outcome);
    },
    { writeStallMs: 100 },
  );
  const client = await openRaw(port);
  client.socket.pause();
  client.send(get);
  await settled(() => written);
  expect(written * 64).toBeLessThan(16 * 1024);
  expect(server.inFlight).toBe(1);
  expect(await ended.promise).toBe("client_gone");
});

test("does not cut a client that waits long for its first byte", async () => {
  const { port } = await serve(
    async (_request, responder) => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      responder.send(200, {}, "late");
    },
    { writeStallMs: 30 },
  );
  expect(await askRaw(port, get)).toMatchObject({ status: 200, body: "late" });
});

test.each([
  ["headers", "GET / HTTP/1.1\r\nHos"],
  ["a body", post("Content-Length: 3\r\n", "a")],
])("cuts a client that is slow to send %s with 408", async (_name, bytes) => {
  const { port, internalErrors } = await serve(echo, { headersTimeoutMs: 50, requestTimeoutMs: 50 });
  const client = (await openRaw(port)).send(bytes);
  expect(await client.answer()).toMatchObject({ status: 408 });
  expect(await client.closed).toBe("");
  expect(internalErrors).toEqual([]);
});

test("closes a connection on which nothing ever came without a word", async () => {
  const { port } = await serve(echo, { headersTimeoutMs: 50, requestTimeoutMs: 50 });
  expect(await (await openRaw(port)).closed).toBe("");
});

test("closes a kept connection that stays idle", async () => {
  const { port } = await serve(echo, { keepAliveTimeoutMs: 1 });
  const client = (await openRaw(port)).send(get);
  expect(await client.answer()).toMatchObject({ status: 200 });
  expect(await client.closed).toBe("");
});

test("serves nothing that follows a request which announced to be the last", async () => {
  const { port } = await serve(async (_request, responder) => {
    await new Promise(setImmediate);
    responder.send(200, {}, "");
  });
  const client = (await openRaw(port)).send(`GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n${get}`);
  expect(await client.answer()).toMatchObject({ status: 200 });
  expect(await client.closed).toBe("");
});

test("rejects listening on a port that is taken", async () => {
  const { port } = await serve(echo);
  const second = createHttpServer({
    handler: echo,
    encodeRefusal,
    onRefused: () => undefined,
    onInternalError: () => undefined,
  });
  await expect(second.listen(port, "127.0.0.1")).rejects.toMatchObject({ code: "EADDRINUSE" });
  await second.shutdown(0);
});

test("refuses a second answer to the same request", async () => {
  const { port, internalErrors } = await serve(async (_request, responder) => {
    responder.send(200, {}, "first");
    responder.send(200, {}, "second");
  });
  expect(await askRaw(port, get)).toMatchObject({ body: "first" });
  expect(internalErrors).toMatchObject([{ error: { message: "the request was already answered" } }]);
});

/** Waits until a value has stopped changing. */
async function settled(read: () => number): Promise<void> {
  let last = -1;
  while (read() !== last) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
