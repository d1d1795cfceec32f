import { describe, expect, it } from "vitest";
import { hello, startGateway, until } from "./start-gateway.ts";
import type { TestGateway } from "./start-gateway.ts";

/** From the client's leaving to the provider's noticing. */
const atOnceMs = 50;

const stall = [{ stream: { afterFrames: 3, ending: "stall" as const } }];
const slow = [{ delayMs: 60_000 }];

async function leave(gateway: TestGateway, path: string, init: RequestInit, isUnderWay: () => boolean) {
  const controller = new AbortController();
  const call = fetch(gateway.url + path, { ...init, signal: controller.signal })
    .then((response) => response.text())
    .catch(() => "left");
  await until(isUnderWay);
  const leftAtMs = Date.now();
  controller.abort();
  expect(await call).toBe("left");
  const answer = () => gateway.simulator.requests[0]?.answer;
  await until(() => answer()?.clientAbortedAtMs !== undefined);
  return (answer()?.clientAbortedAtMs ?? Infinity) - leftAtMs;
}

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("a client that leaves ends the provider's work at once", () => {
  it.each([
    ["a whole answer", "/chat/completions", post(hello), slow],
    ["a stream before its first token", "/chat/completions", post({ ...hello, stream: true }), slow],
    ["a token count", "/tokenizers/estimate-token-count", post(hello), slow],
    ["a balance", "/users/me/balance", {}, slow],
    ["a list of files", "/files", {}, slow],
    ["a deletion", "/files/x", { method: "DELETE" }, slow],
  ])("while it waits for %s", async (_, path, init, faults) => {
    await using gateway = await startGateway({ simulator: { faults } });
    const isAsked = () => gateway.simulator.requests.length === 1;
    expect(await leave(gateway, path, init, isAsked)).toBeLessThan(atOnceMs);
    const [line] = await gateway.requestLines();
    expect(line).toMatchObject({ status: 499, errorCode: "cancelled", delivery: "client_gone" });
    expect(gateway.simulator.requests).toHaveLength(1);
    expect(gateway.logText()).not.toContain("internal fault");
  });

  it("in the middle of a stream", async () => {
    await using gateway = await startGateway({ simulator: { faults: stall } });
    const isStreaming = () => (gateway.simulator.requests[0]?.answer.bytesSent ?? 0) > 500;
    const tookMs = await leave(gateway, "/chat/completions", post({ ...hello, stream: true }), isStreaming);
    expect(tookMs).toBeLessThan(atOnceMs);
    const [line] = await gateway.requestLines();
    expect(line).toMatchObject({ delivery: "client_gone", attempts: [{ outcome: "cancelled" }] });
  });

  it("in the middle of a download", async () => {
    const pieces = Array.from({ length: 2_000 }, (_, index) => index * 10);
    const body = "x".repeat(20_000);
    const replay = { match: () => true, status: 200, body, splitAt: pieces, pauseMs: 20 };
    await using gateway = await startGateway({ simulator: { replays: [replay] } });
    const isSending = () => (gateway.simulator.requests[0]?.answer.bytesSent ?? 0) > 50;
    expect(await leave(gateway, "/files/x/content", {}, isSending)).toBeLessThan(atOnceMs);
    const [line] = await gateway.requestLines();
    expect(line).toMatchObject({ status: 200, errorCode: "cancelled", delivery: "client_gone" });
  });

  it("in the middle of an upload", async () => {
    await using gateway = await startGateway();
    async function* endless() {
      yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n');
      for (;;) {
        yield Buffer.alloc(1_000, "x");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const init = {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: ReadableStream.from(endless()),
      duplex: "half",
    } as RequestInit;
    const isAsked = () => gateway.simulator.requests.length === 1;
    expect(await leave(gateway, "/files", init, isAsked)).toBeLessThan(atOnceMs);
    const [line] = await gateway.requestLines();
    expect(line).toMatchObject({ delivery: "client_gone" });
    expect(gateway.logText()).not.toContain("internal fault");
  });
});
