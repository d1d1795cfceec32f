import { connect } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  addHeader,
  asHttp10,
  breakChunk,
  chatChunks,
  chatCompletion,
  chunked,
  claimLength,
  closeDelimited,
  contentFiltered,
  contextOverflow,
  continueFirst,
  cutAt,
  drip,
  early,
  encoded,
  errorEvent,
  faulty,
  filler,
  flapping,
  giantEvent,
  html,
  insertEvent,
  json,
  rateLimited,
  raw,
  redirect,
  refusedUrl,
  resetAfter,
  resetAt,
  silence,
  splitEvery,
  splitRandomly,
  stallAt,
  startFaultyUpstream,
  status,
  stream,
} from "../src/faulty-upstream.ts";
import type { Answer, Behaviour, FaultyUpstream } from "../src/faulty-upstream.ts";
import { nodeRequest } from "./node-client.ts";
import { exchange, getRequest, postRequest, rawClient } from "./raw-client.ts";

const jsonHead = (length: number) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const two = stream(["data: 1\n\n", "data: 22\n\n"]);
const one = json({ a: 1 });

const serve = (behaviour: Behaviour, seed?: number): Promise<FaultyUpstream> =>
  startFaultyUpstream({ behaviour, ...(seed !== undefined && { seed }) });

test.for<[name: string, answer: Answer, bytes: string, ended: "fin" | "rst"]>([
  ["a JSON body", one, `${jsonHead(7)}{"a":1}`, "fin"],
  ["a stream", two, `${streamHead}${chunk("data: 1\n\n")}${chunk("data: 22\n\n")}0\r\n\r\n`, "fin"],
  ["an empty stream", stream([]), `${streamHead}0\r\n\r\n`, "fin"],
  ["an empty body", status(200), "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "fin"],
  [
    "a chunked JSON body",
    faulty(one, chunked()),
    `${jsonHead(7).replace("content-length: 7", "transfer-encoding: chunked")}7\r\n{"a":1}\r\n0\r\n\r\n`,
    "fin",
  ],
  ["a reset before headers", faulty(one, resetAt("start")), "", "rst"],
  ["a FIN before headers", faulty(one, cutAt("start")), "", "fin"],
  ["a FIN inside the status line", faulty(one, cutAt({ wireByte: 12 })), "HTTP/1.1 200", "fin"],
  ["a FIN after headers", faulty(two, cutAt("afterHeaders")), streamHead, "fin"],
  ["a reset after headers", faulty(two, resetAt("afterHeaders")), streamHead, "rst"],
  ["a FIN at body byte 3", faulty(one, cutAt({ byte: 3 })), `${jsonHead(7)}{"a`, "fin"],
  [
    "a FIN after one event",
    faulty(two, cutAt({ afterEvents: 1 })),
    `${streamHead}${chunk("data: 1\n\n")}`,
    "fin",
  ],
  [
    "a reset after one event",
    faulty(two, resetAt({ afterEvents: 1 })),
    `${streamHead}${chunk("data: 1\n\n")}`,
    "rst",
  ],
  [
    "a FIN inside an event",
    faulty(two, cutAt({ insideEvent: 1 })),
    `${streamHead}${chunk("data: 1\n\n")}${chunk("data:")}`,
    "fin",
  ],
  [
    "a reset inside an event",
    faulty(two, resetAt({ insideEvent: 1 })),
    `${streamHead}${chunk("data: 1\n\n")}${chunk("data:")}`,
    "rst",
  ],
  [
    "a FIN before the last chunk",
    faulty(two, cutAt("end")),
    `${streamHead}${chunk("data: 1\n\n")}${chunk("data: 22\n\n")}`,
    "fin",
  ],
  [
    "a FIN inside a chunk",
    faulty(two, cutAt({ wireByte: streamHead.length + 5 })),
    `${streamHead}9\r\nda`,
    "fin",
  ],
  [
    "a body that ends with the connection",
    faulty(one, closeDelimited()),
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"a":1}',
    "fin",
  ],
  ["a length too long", faulty(one, claimLength(9)), `${jsonHead(9)}{"a":1}`, "fin"],
  ["a length too short", faulty(one, claimLength(5)), `${jsonHead(5)}{"a":1}`, "fin"],
  [
    "two lengths",
    faulty(one, addHeader("Content-Length", "5")),
    jsonHead(7).replace("content-length: 7", "Content-Length: 5\r\ncontent-length: 7") + '{"a":1}',
    "fin",
  ],
  [
    "length and chunks",
    faulty(stream([]), addHeader("content-length", "3")),
    streamHead.replace("transfer", "content-length: 3\r\ntransfer") + "0\r\n\r\n",
    "fin",
  ],
  [
    "a chunk size that is none",
    faulty(two, breakChunk(1)),
    `${streamHead}${chunk("data: 1\n\n")}broken\r\ndata: 22\n\n\r\n0\r\n\r\n`,
    "fin",
  ],
  [
    "a chunk without its line end",
    faulty(two, breakChunk(0, "crlf")),
    `${streamHead}9\r\ndata: 1\n\n${chunk("data: 22\n\n")}0\r\n\r\n`,
    "fin",
  ],
  [
    "100 Continue first",
    faulty(one, continueFirst()),
    `HTTP/1.1 100 Continue\r\n\r\n${jsonHead(7)}{"a":1}`,
    "fin",
  ],
  ["HTTP/1.0", faulty(one, asHttp10()), `${jsonHead(7).replace("1.1", "1.0")}{"a":1}`, "fin"],
  ["junk", raw("\u0000\u0001SSH-2.0\r\n"), "\u0000\u0001SSH-2.0\r\n", "fin"],
  [
    "an HTML page",
    html(502, "<h1>no</h1>"),
    "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 11\r\n\r\n<h1>no</h1>",
    "fin",
  ],
  [
    "a redirect",
    redirect("http://127.0.0.1:1/"),
    "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    "fin",
  ],
  [
    "malformed JSON in a stream",
    faulty(two, insertEvent(1, "data: {\n\n")),
    `${streamHead}${chunk("data: 1\n\n")}${chunk("data: {\n\n")}${chunk("data: 22\n\n")}0\r\n\r\n`,
    "fin",
  ],
  [
    "a split body",
    faulty(stream(["data: 1\n\n"]), splitEvery(4)),
    `${streamHead}${chunk("data")}${chunk(": 1\n")}${chunk("\n")}0\r\n\r\n`,
    "fin",
  ],
  ["a reset after the answer", faulty(one, resetAfter()), `${jsonHead(7)}{"a":1}`, "rst"],
])("sends %s byte for byte", async ([, answer, bytes, ended]) => {
  await using upstream = await serve(answer);
  const seen = await exchange(upstream.url);
  expect({ text: seen.text, ended: seen.ended }).toEqual({ text: bytes, ended });
});

test("cuts inside a UTF-8 character after its first byte", async () => {
  await using upstream = await serve(
    faulty(chatCompletion("a月b"), closeDelimited(), cutAt("insideCharacter")),
  );
  const { bytes } = await exchange(upstream.url);
  expect(bytes.subarray(-2)).toEqual(Buffer.from([0x61, 0xe6]));
});

test("refuses the connection at a refused URL", async () => {
  const { port } = new URL(await refusedUrl());
  const code = await new Promise((resolve) => {
    connect(Number(port), "127.0.0.1").on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  expect(code).toBe("ECONNREFUSED");
});

test.for<[name: string, answer: Answer, before: string]>([
  ["before headers", silence(), ""],
  ["inside the headers", faulty(two, stallAt({ wireByte: 9 })), "HTTP/1.1 "],
  ["before the first event", faulty(two, stallAt("afterHeaders")), streamHead],
  ["after the first event", faulty(two, stallAt({ afterEvents: 1 })), `${streamHead}${chunk("data: 1\n\n")}`],
  ["inside an event", faulty(two, stallAt({ insideEvent: 0 })), `${streamHead}${chunk("data")}`],
])("falls silent %s and stays connected", async ([, answer, before]) => {
  await using upstream = await serve(answer);
  await using client = await rawClient(upstream.url);
  client.send(getRequest);
  await upstream.waitFor(({ ledger }) => ledger[0]?.bytesSent === before.length);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(client.seen()).toMatchObject({ text: before, ended: "open" });
  expect(upstream.ledger[0]).toMatchObject({ outcome: "pending" });
});

test("goes on after a stall with a duration", async () => {
  await using upstream = await serve(faulty(one, stallAt("start", { forMs: 30 })));
  const begin = performance.now();
  const { text } = await exchange(upstream.url);
  // Timers may fire a fraction of a millisecond early.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(29);
  expect(text).toBe(`${jsonHead(7)}{"a":1}`);
});

test.for(["headers", "body", "wire"] as const)("drips the %s one byte at a time", async (of) => {
  await using upstream = await serve(faulty(status(200, "abcdef"), drip({ everyMs: 1, of })));
  const { reads, bytes } = await exchange(upstream.url);
  const headLength = bytes.length - "abcdef".length;
  const expected = { headers: headLength + 1, body: 1 + 6, wire: headLength + 6 }[of];
  // A busy machine may hand over two bytes in one read.
  expect(reads.length).toBeGreaterThan(expected / 2);
  expect(reads.length).toBeLessThanOrEqual(expected);
});

test("takes at least the time a drip's waits add up to", async () => {
  await using upstream = await serve(faulty(status(200, "abcdef"), drip({ everyMs: 10, bytes: 2 })));
  const begin = performance.now();
  await exchange(upstream.url);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(19);
});

test("splits at random, the same way for the same seed and request number", async () => {
  const answer = faulty(status(200, "x".repeat(300)), chunked(), splitRandomly(7));
  const chunkSizes = async (seed: number) => {
    await using upstream = await serve(answer, seed);
    const { text } = await exchange(upstream.url);
    return Array.from(text.matchAll(/^([0-9a-f]+)\r$/gm), ([, size = ""]) => Number.parseInt(size, 16));
  };
  const first = await chunkSizes(7);
  expect(first.reduce((sum, size) => sum + size)).toBe(300);
  expect(await chunkSizes(7)).toEqual(first);
  expect(await chunkSizes(8)).not.toEqual(first);
  expect(Math.max(...first)).toBeLessThanOrEqual(7);
});

const decompress = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

test.for([
  ["gzip", true],
  ["gzip", false],
  ["deflate", true],
  ["deflate", false],
  ["br", true],
  ["br", false],
  ["zstd", true],
  ["zstd", false],
] as const)("compresses with %s, declared: %s", async ([coding, declared]) => {
  await using upstream = await serve(faulty(one, encoded(coding, { declared })));
  const reply = await nodeRequest(upstream.url);
  expect(reply.headers["content-encoding"]).toBe(declared ? coding : undefined);
  expect(Number(reply.headers["content-length"])).toBe(reply.body.length);
  expect(decompress[coding](reply.body).toString()).toBe('{"a":1}');
});

test("tells the wait of a 429 in every way providers do", async () => {
  const until = new Date(Date.UTC(2026, 0, 1));
  await using upstream = await serve([
    rateLimited(),
    rateLimited({ seconds: 3 }),
    rateLimited({ milliseconds: 1500 }),
    rateLimited({ until }),
    rateLimited({ text: "NaN" }),
  ]);
  const told = [];
  for (let number = 1; number <= 5; number++) {
    const { status, headers } = await nodeRequest(upstream.url);
    told.push([status, headers["retry-after"], headers["retry-after-ms"]]);
  }
  expect(told).toEqual([
    [429, undefined, undefined],
    [429, "3", undefined],
    [429, undefined, "1500"],
    [429, "Thu, 01 Jan 2026 00:00:00 GMT", undefined],
    [429, "NaN", undefined],
  ]);
});

test("answers a list in order and repeats its last answer", async () => {
  await using upstream = await serve([status(500), chatCompletion("hello")]);
  const codes = [];
  for (let number = 1; number <= 3; number++) codes.push((await nodeRequest(upstream.url)).status);
  expect(codes).toEqual([500, 200, 200]);
});

test("flaps by count of requests", async () => {
  await using upstream = await serve(flapping(one, status(503), { upRequests: 2, downRequests: 1 }));
  const codes = [];
  for (let number = 1; number <= 6; number++) codes.push((await nodeRequest(upstream.url)).status);
  expect(codes).toEqual([200, 200, 503, 200, 200, 503]);
});

test("flaps by the clock it is given", async () => {
  let now = 1000;
  const clock = { nowMs: () => now, after: () => () => {} };
  const behaviour = flapping(one, status(503), { upMs: 500, downMs: 500 });
  await using upstream = await startFaultyUpstream({ behaviour, clock });
  const codes = [];
  for (const at of [1000, 1499, 1500, 1999, 2000]) {
    now = at;
    codes.push((await nodeRequest(upstream.url)).status);
  }
  expect(codes).toEqual([200, 200, 503, 503, 200]);
});

test("answers by the whole request when the behaviour is a function", async () => {
  await using upstream = await serve(({ number, method, path, headers, body }) =>
    json({ number, method, path, host: headers["host"], body: body.toString() }),
  );
  const { body } = await nodeRequest(upstream.url, "question");
  expect(JSON.parse(body.toString())).toEqual({
    number: 1,
    method: "POST",
    path: "/v1/chat/completions",
    host: new URL(upstream.url).host,
    body: "question",
  });
});

test("answers early, before the upload ends, and counts what still comes", async () => {
  await using upstream = await serve(faulty(status(413, "no"), early()));
  await using client = await rawClient(upstream.url);
  client.send("POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\n123");
  await client.untilText("413");
  await upstream.waitFor(({ ledger }) => ledger[0]?.outcome === "answered" && ledger[0].bodyBytes === 3);
  expect(upstream.ledger[0]).toMatchObject({ bodyComplete: false });
  client.send("4567890");
  await upstream.waitFor(({ ledger }) => ledger[0]?.bodyComplete === true);
  expect(upstream.ledger[0]?.body.toString()).toBe("1234567890");
});

test("says 100 Continue to a client that waits for it", async () => {
  await using upstream = await serve(one);
  await using client = await rawClient(upstream.url);
  client.send("POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
  await client.untilText("100 Continue");
  client.send("{}");
  expect((await client.untilText('{"a":1}')).text).toBe(`HTTP/1.1 100 Continue\r\n\r\n${jsonHead(7)}{"a":1}`);
});

test("sends a huge error body with its true length", async () => {
  await using upstream = await serve(status(500, filler(5_000_000, "<p>no</p>")));
  const { body, headers } = await nodeRequest(upstream.url);
  expect(headers["content-length"]).toBe("5000000");
  expect(body.equals(Buffer.alloc(5_000_000, "<p>no</p>"))).toBe(true);
  await upstream.waitFor(({ ledger }) => ledger[0]?.outcome === "answered");
});

test("sends an endless body until the client goes", async () => {
  await using upstream = await serve(status(500, filler(Infinity)));
  const client = await rawClient(upstream.url);
  client.send(getRequest);
  await upstream.waitFor(({ ledger }) => (ledger[0]?.bytesSent ?? 0) > 1_000_000);
  await client[Symbol.asyncDispose]();
  await upstream.waitFor(({ ledger }) => ledger[0]?.outcome === "client_gone");
});

test("sends one event of 64 MB without a newline", async () => {
  const bytes = 64 * 2 ** 20;
  await using upstream = await serve(giantEvent(bytes));
  const { body } = await nodeRequest(upstream.url);
  expect(body.length).toBe(bytes);
  expect(body.subarray(0, 8).toString()).toBe("data: xx");
  expect(body.includes("\n")).toBe(false);
});

test("streams a chat that an OpenAI client can read", async () => {
  await using upstream = await serve(chatChunks("one two", { model: "m" }));
  const { body } = await nodeRequest(upstream.url);
  const events = body.toString().split("\n\n");
  expect(events.at(-2)).toBe("data: [DONE]");
  const chunks = events.slice(0, -2).map((text) => JSON.parse(text.replace("data: ", "")));
  expect(chunks.map(({ choices }) => choices[0]?.delta.content)).toEqual([
    "",
    "one",
    " two",
    undefined,
    undefined,
  ]);
  expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
    null,
    null,
    null,
    "stop",
    undefined,
  ]);
  expect(chunks.at(-1)).toMatchObject({
    model: "m",
    choices: [],
    usage: { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 },
  });
});

test("leaves [DONE] and usage away when asked", async () => {
  await using upstream = await serve(chatChunks("one", { done: false, usage: null }));
  const { body } = await nodeRequest(upstream.url);
  expect(body.toString()).not.toMatch(/DONE|usage/);
});

test("puts an error event first in a stream that began with 200", async () => {
  const error = { message: "overloaded", type: "engine_overloaded_error" };
  await using upstream = await serve(stream([errorEvent(error)]));
  const { status, body } = await nodeRequest(upstream.url);
  expect([status, body.toString()]).toEqual([200, `data: ${JSON.stringify({ error })}\n\n`]);
});

test.for([
  [
    "context overflow",
    contextOverflow(10, 11),
    "invalid_request_error",
    /exceeded model token limit: 10 \(requested: 11\)/,
  ],
  ["a refused prompt", contentFiltered(), "content_filter", /high risk/],
] as const)("answers 400 for %s", async ([, answer, type, message]) => {
  await using upstream = await serve(answer);
  const { status, body } = await nodeRequest(upstream.url);
  expect([status, JSON.parse(body.toString())]).toEqual([
    400,
    { error: expect.objectContaining({ type, message: expect.stringMatching(message) }) },
  ]);
});

test.for<[name: string, answer: Answer, code: string]>([
  ["a FIN mid-stream", faulty(two, cutAt({ afterEvents: 1 })), "ECONNRESET"],
  ["a reset mid-stream", faulty(two, resetAt({ afterEvents: 1 })), "ECONNRESET"],
  ["a length too long", faulty(one, claimLength(9)), "ECONNRESET"],
])("breaks a body off for node:http by %s", async ([, answer, code]) => {
  await using upstream = await serve(answer);
  expect(await nodeRequest(upstream.url)).toMatchObject({ status: 200, brokenBy: code });
});

test.for<[name: string, answer: Answer, code: string]>([
  ["a reset before headers", faulty(one, resetAt("start")), "ECONNRESET"],
  ["junk", raw("junk"), "HPE_INVALID_CONSTANT"],
  ["two lengths", faulty(one, addHeader("content-length", "5")), "HPE_UNEXPECTED_CONTENT_LENGTH"],
])("fails a request of node:http by %s", async ([, answer, code]) => {
  await using upstream = await serve(answer);
  await expect(nodeRequest(upstream.url)).rejects.toMatchObject({ code });
});

test("answers pipelined requests one after the other", async () => {
  await using upstream = await serve([json(1), json(2)]);
  await using client = await rawClient(upstream.url);
  client.send(postRequest("a") + postRequest("b"));
  expect((await client.untilText("\r\n\r\n2")).text).toBe(`${jsonHead(1)}1${jsonHead(1)}2`);
  expect(upstream.ledger.map(({ body }) => body.toString())).toEqual(["a", "b"]);
  expect(upstream.connections.total).toBe(1);
});
