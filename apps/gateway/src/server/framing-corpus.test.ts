import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw } from "../../test/raw-http.ts";
import { encodeRefusal } from "../errors/encode-refusal.ts";
import { createHttpServer, type HttpServer } from "./create-http-server.ts";

const served: string[] = [];
const internalErrors: unknown[] = [];
let server: HttpServer;
let port: number;

beforeAll(async () => {
  server = createHttpServer({
    limits: {
      connectionsCheckingIntervalMs: 20,
      headersTimeoutMs: 200,
      requestTimeoutMs: 200,
      lingerMs: 100,
    },
    encodeRefusal,
    onRefused: () => undefined,
    onInternalError: (error) => internalErrors.push(error),
    handler: async (request, responder) => {
      served.push(request.path);
      const body = await request.readBody(1024);
      responder.send(200, { "content-type": "text/plain" }, body);
    },
  });
  ({ port } = await server.listen(0, "127.0.0.1"));
});

afterAll(() => server.shutdown(0));

const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const get = (headers: string) => `GET /c HTTP/1.1\r\nHost: h\r\n${headers}\r\n`;
const post = (headers: string, body: string) => `POST /c HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`;
const chunked = (body: string) => post("Transfer-Encoding: chunked\r\n", body);

/** Name, what is sent, the status of the one answer. 200: served as exactly one request. */
const corpus: readonly (readonly [string, string, number])[] = [
  [
    "Content-Length before Transfer-Encoding",
    post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  [
    "Transfer-Encoding before Content-Length",
    post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  ["two equal Content-Lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400],
  ["two different Content-Lengths", post("Content-Length: 3\r\nContent-Length: 0\r\n", "abc"), 400],
  ["a list of Content-Lengths", post("Content-Length: 3, 3\r\n", "abc"), 400],
  ["Content-Length +3", post("Content-Length: +3\r\n", "abc"), 400],
  ["Content-Length 0x3", post("Content-Length: 0x3\r\n", "abc"), 400],
  ["Content-Length -1", post("Content-Length: -1\r\n", "abc"), 400],
  ["Content-Length 3_0", post("Content-Length: 3_0\r\n", "abc"), 400],
  ["Content-Length of 24 digits", post(`Content-Length: ${"9".repeat(24)}\r\n`, "abc"), 400],
  ["a space before the colon of Content-Length", post("Content-Length : 3\r\n", "abc"), 400],
  [
    "a space before the colon of Transfer-Encoding",
    post("Transfer-Encoding : chunked\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  ["Transfer-Encoding xchunked", post("Transfer-Encoding: xchunked\r\n", `0\r\n\r\n${smuggled}`), 501],
  [
    "Transfer-Encoding chunked, identity",
    post("Transfer-Encoding: chunked, identity\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  [
    "Transfer-Encoding gzip, chunked",
    post("Transfer-Encoding: gzip, chunked\r\n", `0\r\n\r\n${smuggled}`),
    501,
  ],
  [
    "Transfer-Encoding twice",
    post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  [
    "Transfer-Encoding identity with Content-Length",
    post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc"),
    400,
  ],
  [
    "a vertical tab in Transfer-Encoding",
    post("Transfer-Encoding: \x0bchunked\r\n", `0\r\n\r\n${smuggled}`),
    400,
  ],
  ["a folded Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", `0\r\n\r\n${smuggled}`), 400],
  ["bare LF everywhere", "GET /c HTTP/1.1\nHost: h\n\n", 400],
  ["bare LF behind one header", "GET /c HTTP/1.1\r\nHost: h\nX-A: b\r\n\r\n", 400],
  ["a bare CR in a header", get("X-A: b\rX-B: c\r\n"), 400],
  ["a NUL in a header", get("X-A: b\0c\r\n"), 400],
  ["a folded header", get("X-A: b\r\n c\r\n"), 400],
  ["a chunk extension with a bare LF", chunked(`3;a\nabc\r\n0\r\n\r\n${smuggled}`), 400],
  ["a chunk extension", chunked("3;a=b\r\nabc\r\n0\r\n\r\n"), 200],
  ["chunk size 0x3", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400],
  ["chunk size +3", chunked("+3\r\nabc\r\n0\r\n\r\n"), 400],
  ["a space before the chunk size", chunked(" 3\r\nabc\r\n0\r\n\r\n"), 400],
  ["a space behind the chunk size", chunked("3 \r\nabc\r\n0\r\n\r\n"), 400],
  ["chunk size 2^64+3", chunked("10000000000000003\r\nabc\r\n0\r\n\r\n"), 400],
  ["no CRLF behind the chunk data", chunked("3\r\nabc0\r\n\r\n"), 400],
  ["a bare LF behind the chunk data", chunked("3\r\nabc\n0\r\n\r\n"), 400],
  ["a Content-Length trailer", chunked("3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n"), 400],
  ["a body that never ends", chunked("3\r\nabc\r\n"), 408],
  ["no Host", "GET /c HTTP/1.1\r\nX-A: b\r\n\r\n", 400],
  ["two Hosts", "GET /c HTTP/1.1\r\nHost: h\r\nHost: x\r\n\r\n", 400],
  ["two Authorizations", get("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400],
  ["two x-api-keys", get("X-Api-Key: a\r\nX-Api-Key: b\r\n"), 400],
  ["a Host with a path and a fragment", "GET /c HTTP/1.1\r\nHost: localhost:4000/#@attacker\r\n\r\n", 400],
  ["an absolute target", "GET http://evil/ HTTP/1.1\r\nHost: h\r\n\r\n", 400],
  ["a space in the target", "GET /c d HTTP/1.1\r\nHost: h\r\n\r\n", 400],
  ["HTTP/1.1x", "GET /c HTTP/1.1x\r\nHost: h\r\n\r\n", 400],
  [
    "HTTP/1.0 with Transfer-Encoding",
    `POST /c HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    400,
  ],
  ["the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["17 KB of headers", get(`X-A: ${"a".repeat(17 * 1024)}\r\n`), 431],
  ["2,500 headers", get(Array.from({ length: 2500 }, (_, index) => `X-${index}: a\r\n`).join("")), 431],
  ["201 short headers", get(Array.from({ length: 200 }, (_, index) => `X-${index}: a\r\n`).join("")), 431],
  ["an unknown Expect", post("Expect: 200-ok\r\nContent-Length: 3\r\n", "abc"), 417],
  ["a CRLF before the request", `\r\n${get("")}`, 200],
  [
    "GET with a body",
    `GET /c HTTP/1.1\r\nHost: h\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    400,
  ],
  ["a __proto__ header", get("__proto__: polluted\r\n"), 200],
  [
    "Content-Length nominated by Connection",
    post("Connection: content-length\r\nContent-Length: 3\r\n", "abc"),
    200,
  ],
  [
    "Upgrade: h2c",
    get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
    200,
  ],
  ["a 32 KB target", `GET /${"c".repeat(32 * 1024)} HTTP/1.1\r\nHost: h\r\n\r\n`, 414],
  ["a 9 KB target", `GET /${"c".repeat(9 * 1024)} HTTP/1.1\r\nHost: h\r\n\r\n`, 414],
  ["a proxied connection", "CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n", 405],
  ["HTTP/0.9", "GET /c HTTP/0.9\r\nHost: h\r\n\r\n", 400],
];

const cases = corpus.map(([name, bytes, status], index) => ({
  name,
  path: `/case-${index}`,
  bytes: bytes.replace("/c HTTP/", `/case-${index} HTTP/`),
  status,
}));
const refused = cases.filter(({ status }) => status !== 200);
const accepted = cases.filter(({ status }) => status === 200);
const timesServed = (path: string) => served.filter((other) => other === path).length;

test.concurrent.each(refused)("refuses $name with $status and closes", async ({ bytes, path, status }) => {
  const client = await openRaw(port);
  const answer = await client.send(bytes).answer();
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    "x-request-id": expect.stringMatching(/^req_[0-9a-v]{24}$/),
    "x-portkey-trace-id": expect.stringMatching(/./),
    "content-type": "application/json",
    connection: "close",
  });
  const type = status === 408 ? "timeout_error" : "invalid_request_error";
  const error = { message: expect.any(String), type, code: expect.any(String) };
  expect(JSON.parse(answer.body)).toMatchObject({ error });
  expect(await client.closed).toBe("");
  expect(timesServed(path)).toBeLessThanOrEqual(1);
  expect(served).not.toContain("/smuggled");
});

test.concurrent.each(accepted)("serves $name as one request", async ({ bytes, path }) => {
  const client = await openRaw(port);
  expect(await client.send(bytes).answer()).toMatchObject({ status: 200 });
  const probe = await client
    .send("POST /probe HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nprobe")
    .answer();
  expect(probe).toMatchObject({ status: 200, body: "probe" });
  expect(timesServed(path)).toBe(1);
  client.socket.destroy();
});

test("meets no mistake of its own on the way", () => {
  expect(internalErrors).toEqual([]);
});
