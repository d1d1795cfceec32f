import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { RawServer } from "../../../test/raw-server.ts";
import { readAll } from "../../../test/read-all.ts";
import { systemClock } from "../clock.ts";
import { Exchange } from "./exchange.ts";
import type { Transport, TransportRequest } from "./transport.ts";
import { createUndiciTransport } from "./undici-transport.ts";
import type { UndiciTransportOptions } from "./undici-transport.ts";

const used: { transports: Transport[]; exchanges: Exchange[]; servers: RawServer[] } = {
  transports: [],
  exchanges: [],
  servers: [],
};

afterEach(async () => {
  for (const exchange of used.exchanges.splice(0)) exchange.fail(new Error("the test is over"));
  await Promise.all(used.servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await Promise.all(used.transports.splice(0).map((transport) => transport.close()));
});

function open(options: UndiciTransportOptions = {}): Transport {
  const transport = createUndiciTransport(options);
  used.transports.push(transport);
  return transport;
}

async function serve(onRequest: (socket: Socket, head: string) => void): Promise<RawServer> {
  const server = await RawServer.start(onRequest);
  used.servers.push(server);
  return server;
}

function ask(transport: Transport, origin: string, more: Partial<TransportRequest> = {}): Exchange {
  const exchange = Exchange.start(transport, {
    origin,
    path: "/v1/chat",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    headersTimeoutMs: 5_000,
    idleTimeoutMs: 5_000,
    ...more,
  });
  used.exchanges.push(exchange);
  return exchange;
}

async function bodyOf(exchange: Exchange): Promise<string> {
  return Buffer.concat(await readAll(exchange)).toString();
}

const head = (...lines: string[]) => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const chunked = head("transfer-encoding: chunked");

describe("an answer", () => {
  it("comes with its status, its headers by lower-case name, and its bytes", async () => {
    const server = await serve((socket) =>
      socket.write(`${head("X-One: 1", "x-two: a", "X-Two: b", "__proto__: p", "content-length: 5")}hello`),
    );
    const exchange = ask(open(), server.origin);
    const { status, headers } = await exchange.head;
    expect(status).toBe(200);
    expect(Object.entries(headers)).toEqual(
      expect.arrayContaining([
        ["x-one", "1"],
        ["x-two", "a, b"],
        ["__proto__", "p"],
      ]),
    );
    expect(await bodyOf(exchange)).toBe("hello");
  });

  it("is asked for with the method, path, headers and body given, and nothing of ours", async () => {
    const server = await serve((socket) => socket.write(head("content-length: 0")));
    await bodyOf(
      ask(open(), server.origin, { path: "/v1/x?y=1", headers: { "x-a": "b" }, body: '{"a":"月"}' }),
    );
    const [line, ...headers] = server.heads[0]!.toLowerCase().split("\r\n");
    expect(line).toBe("post /v1/x?y=1 http/1.1");
    expect(new Set(headers.map((each) => each.split(":")[0]))).toEqual(
      new Set(["connection", "content-length", "host", "x-a"]),
    );
    expect(headers).toContain("content-length: 11");
  });

  it("may take as long as it likes when its limits are infinite", async () => {
    const server = await serve((socket) => socket.write(`${head("content-length: 2")}ok`));
    const limits = { headersTimeoutMs: Number.POSITIVE_INFINITY, idleTimeoutMs: Number.POSITIVE_INFINITY };
    expect(await bodyOf(ask(open(), server.origin, limits))).toBe("ok");
  });

  it("is not what an informational answer before it says", async () => {
    const server = await serve((socket) =>
      socket.write(
        `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${head("x-real: 1", "content-length: 2")}ok`,
      ),
    );
    const exchange = ask(open(), server.origin);
    expect(await exchange.head).toMatchObject({ status: 200, headers: { "x-real": "1" } });
    expect(await bodyOf(exchange)).toBe("ok");
  });

  it("that redirects is given as it is, and nobody follows", async () => {
    const elsewhere = await serve((socket) => socket.write(head("content-length: 0")));
    const server = await serve((socket) =>
      socket.write(`HTTP/1.1 307 Moved\r\nlocation: ${elsewhere.origin}/\r\ncontent-length: 0\r\n\r\n`),
    );
    const exchange = ask(open(), server.origin);
    expect((await exchange.head).status).toBe(307);
    await bodyOf(exchange);
    expect(elsewhere.connections.length).toBe(0);
  });

  it("can begin before a streamed request body has ended", async () => {
    const server = await serve((socket) => socket.write(head("content-length: 2")));
    const answered = Promise.withResolvers<void>();
    const body = (async function* () {
      yield Buffer.from("one");
      await answered.promise;
      yield Buffer.from("two");
    })();
    const exchange = ask(open(), server.origin, { body });
    expect((await exchange.head).status).toBe(200);
    answered.resolve();
    server.connections[0]!.write("ok");
    expect(await bodyOf(exchange)).toBe("ok");
    expect(server.heads[0]).toContain("transfer-encoding: chunked");
  });
});

describe("a failure the provider cannot have seen", () => {
  it("is a refused connection", async () => {
    const origin = await unusedOrigin();
    await expect(ask(open(), origin).head).rejects.toMatchObject({ fault: "refused", failure: "not_sent" });
  });

  it("is a host that does not exist", async () => {
    await expect(ask(open(), "http://nowhere.invalid").head).rejects.toMatchObject({
      fault: "refused",
      failure: "not_sent",
    });
  });

  it("is a server that does not speak TLS", async () => {
    const server = await plainServer("HTTP/1.1 400 Bad Request\r\n\r\n");
    await expect(ask(open(), server.replace("http:", "https:")).head).rejects.toMatchObject({
      failure: "not_sent",
    });
  });

  it("is a header that HTTP cannot carry", async () => {
    const server = await serve(() => {});
    const exchange = ask(open(), server.origin, { headers: { "x-a": "b\r\nx-evil: 1" } });
    await expect(exchange.head).rejects.toMatchObject({ fault: "unsendable", failure: "not_sent" });
    expect(server.heads).toEqual([]);
  });
});

describe("a failure after which the provider may have done the work", () => {
  it.each<[string, string, (socket: Socket) => unknown]>([
    ["a reset before the headers", "reset", (socket) => socket.resetAndDestroy()],
    ["a close before the headers", "reset", (socket) => socket.end()],
    ["a 100 in place of an answer", "reset", (socket) => socket.end("HTTP/1.1 100 Continue\r\n\r\n")],
    ["garbage", "protocol", (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")],
    ["headers of 20 KB", "protocol", (socket) => socket.write(head(`x-a: ${"x".repeat(20_000)}`))],
    [
      "both a length and chunks",
      "protocol",
      (socket) =>
        socket.end(`${head("content-length: 3", "transfer-encoding: chunked")}${chunk("abc")}0\r\n\r\n`),
    ],
  ])("is %s", async (_, fault, answer) => {
    const server = await serve((socket) => void answer(socket));
    await expect(ask(open(), server.origin).head).rejects.toMatchObject({ fault, failure: "sent_unknown" });
  });

  it.each<[string, (socket: Socket) => unknown]>([
    [
      "a reset in the body",
      (socket) => {
        socket.write(`${chunked}${chunk("half")}`);
        setTimeout(20).then(
          () => socket.resetAndDestroy(),
          () => {},
        );
      },
    ],
    ["chunks without their end", (socket) => socket.end(`${chunked}${chunk("half")}`)],
    ["a chunk cut in the middle", (socket) => socket.end(`${chunked}${chunk("half")}a\r\nabc`)],
    ["a chunk size that is none", (socket) => socket.end(`${chunked}${chunk("half")}zz\r\n`)],
    ["fewer bytes than announced", (socket) => socket.end(`${head("content-length: 10")}half`)],
  ])("is %s, told after what arrived", async (_, answer) => {
    const server = await serve((socket) => void answer(socket));
    const exchange = ask(open(), server.origin);
    expect((await exchange.head).status).toBe(200);
    let received = "";
    const reading = (async () => {
      for await (const bytes of exchange) received += String(bytes);
    })();
    await expect(reading).rejects.toMatchObject({ failure: "sent_unknown" });
    expect(received).toMatch(/^half/u);
  });

  it("is silence before the headers", async () => {
    const server = await serve(() => {});
    const exchange = ask(open(), server.origin, { headersTimeoutMs: 200 });
    await expect(exchange.head).rejects.toMatchObject({ fault: "headers_timeout", failure: "sent_unknown" });
    await until(() => server.openConnections === 0);
  });

  it("is silence in the body", async () => {
    const server = await serve((socket) => socket.write(`${chunked}${chunk("half")}`));
    const exchange = ask(open(), server.origin, { idleTimeoutMs: 200 });
    expect(String(await exchange.read())).toBe("half");
    await expect(exchange.read()).rejects.toMatchObject({ fault: "idle_timeout", failure: "sent_unknown" });
    await until(() => server.openConnections === 0);
  });

  it("is not an answer that ends by closing: HTTP says it is whole", async () => {
    const server = await serve((socket) => socket.end(`${head()}anything`));
    expect(await bodyOf(ask(open(), server.origin))).toBe("anything");
  });
});

describe("aborting", () => {
  it("while waiting for the answer closes the connection", async () => {
    const server = await serve(() => {});
    const exchange = ask(open(), server.origin);
    await until(() => server.heads.length === 1);
    exchange.fail(new Error("left"));
    await expect(exchange.head).rejects.toThrow("left");
    await until(() => server.openConnections === 0);
  });

  it("in the middle of the answer closes the connection", async () => {
    const server = await serve((socket) => socket.write(`${chunked}${chunk("half")}`));
    const exchange = ask(open(), server.origin);
    await exchange.read();
    exchange.fail(new Error("left"));
    await until(() => server.openConnections === 0);
  });

  it("a paused answer closes the connection", async () => {
    const server = await serve((socket) => flood(socket));
    const exchange = ask(open(), server.origin);
    await exchange.head;
    await until(() => server.connections[0]!.writableLength > 0);
    exchange.fail(new Error("left"));
    await until(() => server.openConnections === 0);
  });

  it("while connecting sends nothing", async () => {
    const server = await serve((socket) => socket.write(head("content-length: 0")));
    const exchange = ask(open(), server.origin);
    exchange.fail(new Error("left"));
    await expect(exchange.head).rejects.toThrow("left");
    await until(() => server.connections.length === 1);
    await setTimeout(20);
    expect(server.heads).toEqual([]);
  });
});

describe("a slow reader", () => {
  it("stops the provider's socket, and gets everything in the end", async () => {
    const totalBytes = 32 * 1024 * 1024;
    const server = await serve((socket) => flood(socket, totalBytes));
    const exchange = ask(open(), server.origin);
    await exchange.head;
    await until(() => server.connections[0]!.writableNeedDrain);
    await setTimeout(50);
    const sentEarly = server.connections[0]!.bytesWritten - server.connections[0]!.writableLength;
    // What the kernel's two socket buffers hold, not what the answer is long.
    expect(sentEarly).toBeLessThan(totalBytes / 2);
    let received = 0;
    for await (const bytes of exchange) received += bytes.length;
    expect(received).toBe(totalBytes);
  });
});

describe("connections", () => {
  it("are used again: twenty streams in a row need one", async () => {
    const server = await serve((socket) => socket.write(`${chunked}${chunk("data: [DONE]\n\n")}0\r\n\r\n`));
    const transport = open();
    for (let count = 0; count < 20; count++) {
      const exchange = ask(transport, server.origin);
      await exchange.read();
      // As the engine does: the answer is complete before its last chunk says so.
      exchange.drain(systemClock);
      await setImmediate();
    }
    expect(server.heads.length).toBe(20);
    expect(server.connections.length).toBe(1);
  });

  it("are as many per origin as allowed; one request more is refused at once, unsent", async () => {
    const waiting: Socket[] = [];
    const server = await serve((socket) => waiting.push(socket));
    const transport = open({ connectionsPerOrigin: 2 });
    const answers = [1, 2].map(() => bodyOf(ask(transport, server.origin)));
    await until(() => waiting.length === 2);
    await expect(ask(transport, server.origin).head).rejects.toMatchObject({
      fault: "saturated",
      failure: "not_sent",
      message: "has all of its 2 connections from here in use",
    });
    for (const socket of waiting.splice(0)) socket.write(`${head("content-length: 2")}ok`);
    expect(await Promise.all(answers)).toEqual(["ok", "ok"]);
    const next = bodyOf(ask(transport, server.origin));
    await until(() => waiting.length === 1);
    waiting[0]?.write(`${head("content-length: 2")}ok`);
    expect(await next).toBe("ok");
    expect(server.connections.length).toBe(2);
  });

  it("given up by those who left are free again", async () => {
    const server = await serve((socket) => {
      if (server.heads.length > 1) socket.write(`${head("content-length: 2")}ok`);
    });
    const transport = open({ connectionsPerOrigin: 1 });
    const first = ask(transport, server.origin);
    await until(() => server.heads.length === 1);
    first.fail(new Error("left"));
    await until(() => server.openConnections === 0);
    expect(await bodyOf(ask(transport, server.origin))).toBe("ok");
  });

  it("to more origins than are kept are closed, the one longest idle first", async () => {
    const servers = await Promise.all(
      [1, 2, 3].map(() => serve((socket) => socket.write(head("content-length: 0")))),
    );
    const transport = open({ maxOrigins: 2 });
    for (const { origin } of servers) await bodyOf(ask(transport, origin));
    await until(() => servers[0]!.openConnections === 0);
    expect(servers.map(({ openConnections }) => openConnections)).toEqual([0, 1, 1]);
  });

  it("in use are kept for their next request while others need room", async () => {
    const [busy, other] = await Promise.all([
      serve((socket) => socket.write(chunked)),
      serve((socket) => socket.write(head("content-length: 0"))),
    ]);
    const transport = open({ maxOrigins: 1 });
    const first = ask(transport, busy.origin);
    await first.head;
    await bodyOf(ask(transport, other.origin));
    busy.connections[0]!.write("0\r\n\r\n");
    await bodyOf(first);
    await setImmediate();
    await ask(transport, busy.origin).head;
    expect(busy.connections.length).toBe(1);
  });

  it("in use are never closed to make room, and the surplus goes once they are idle", async () => {
    const servers = await Promise.all([1, 2, 3].map(() => serve((socket) => socket.write(chunked))));
    const transport = open({ maxOrigins: 1 });
    const exchanges = servers.map(({ origin }) => ask(transport, origin));
    await Promise.all(exchanges.map(({ head }) => head));
    for (const { connections } of servers) connections[0]!.write(`${chunk("alive")}0\r\n\r\n`);
    expect(await Promise.all(exchanges.map(bodyOf))).toEqual(["alive", "alive", "alive"]);
    const next = await serve((socket) => socket.write(head("content-length: 0")));
    await bodyOf(ask(transport, next.origin));
    await until(() => servers.every(({ openConnections }) => openConnections === 0));
  });
});

describe("closing", () => {
  it("waits for what is under way, refuses what is new, and may be asked for twice", async () => {
    const server = await serve((socket) => socket.write(`${chunked}${chunk("one")}`));
    const transport = open();
    const exchange = ask(transport, server.origin);
    await exchange.head;
    let isClosed = false;
    const closing = Promise.all([transport.close(), transport.close()]).then(() => (isClosed = true));
    for (const origin of [server.origin, "http://127.0.0.1:1"]) {
      await expect(ask(transport, origin).head).rejects.toMatchObject({
        fault: "closed",
        failure: "not_sent",
      });
    }
    await setTimeout(20);
    expect(isClosed).toBe(false);
    server.connections[0]!.write(`${chunk("two")}0\r\n\r\n`);
    expect(await bodyOf(exchange)).toBe("onetwo");
    await closing;
    await transport.close();
    await until(() => server.openConnections === 0);
  });
});

/** Waits for something on the other side of a socket. */
async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 4_000;
  while (!isSo()) {
    if (performance.now() > deadlineMs) expect.fail(`never came true: ${isSo.toString()}`);
    await setTimeout(2);
  }
}

/** Sends as much as the other side takes. */
function flood(socket: Socket, totalBytes = Number.POSITIVE_INFINITY): void {
  const piece = Buffer.alloc(64 * 1024, "x");
  socket.write(Number.isFinite(totalBytes) ? head(`content-length: ${totalBytes}`) : head());
  let left = totalBytes;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
  };
  socket.on("drain", more);
  more();
}

async function unusedOrigin(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** Answers the first bytes of any connection, whatever they are. */
async function plainServer(answer: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
