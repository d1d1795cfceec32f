import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openRaw } from "../raw-http.ts";
import { startGateway, until } from "./start-gateway.ts";

const megabytes = 1024 * 1024;
const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "x".repeat(16_000) } }] })}\n\n`;
const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
/** Far more than all the sockets' buffers on the way. */
const huge = event.repeat(4_000) + end;
const piece = 256 * 1024;
const splitAt = Array.from({ length: Math.ceil(huge.length / piece) }, (_, index) => index * piece);
const simulator = { replays: [{ match: () => true, status: 200, body: huge, splitAt }] };

async function settled(value: () => number): Promise<number> {
  for (let last = -1; ;) {
    const now = value();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const requests = {
  "a stream": (body: string) =>
    `POST /chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  "a download": () => "GET /files/x/content HTTP/1.1\r\nHost: x\r\n\r\n",
};
const body = JSON.stringify({ model: "chat", stream: true, messages: [{ role: "user", content: "x" }] });

describe.each(Object.entries(requests))("a client that does not read %s", (_, request) => {
  it("holds the provider back, and gets everything once it reads", async () => {
    await using gateway = await startGateway({ simulator });
    const client = await openRaw(gateway.port);
    client.socket.pause();
    client.send(request(body));
    await until(() => gateway.simulator.requests.length === 1);
    const sent = await settled(() => gateway.simulator.requests[0]?.answer.bytesSent ?? 0);
    expect(sent).toBeLessThan(huge.length / 2);
    let received = 0;
    client.socket.removeAllListeners("data");
    client.socket.on("data", (bytes) => (received += bytes.length));
    client.socket.resume();
    await until(() => gateway.simulator.requests[0]?.answer.finishedAtMs !== undefined);
    await until(() => received > huge.length);
    client.socket.destroy();
  });
});

it("a provider that does not read an upload holds the client back", async () => {
  const deaf = createServer((socket) => socket.pause().on("error", () => undefined));
  deaf.listen(0, "127.0.0.1");
  await once(deaf, "listening");
  const { port } = deaf.address() as AddressInfo;
  await using gateway = await startGateway({ baseUrl: `http://127.0.0.1:${port}/v1` });
  let sent = 0;
  async function* pieces() {
    for (; sent < 90 * megabytes; sent += piece) yield Buffer.alloc(piece, "x");
  }
  const controller = new AbortController();
  const call = fetch(`${gateway.url}/files`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body: ReadableStream.from(pieces()),
    duplex: "half",
    signal: controller.signal,
  }).catch(() => "left");
  await until(() => sent > 0);
  // What lies in the buffers of four sockets, far from the whole.
  expect(await settled(() => sent)).toBeLessThan(45 * megabytes);
  controller.abort();
  expect(await call).toBe("left");
  deaf.close();
});
