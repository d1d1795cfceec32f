import { describe, expect, it } from "vitest";
import { openRaw } from "../raw-http.ts";
import { hello, startGateway, until } from "./start-gateway.ts";
import type { TestGateway } from "./start-gateway.ts";

const stream = { ...hello, stream: true };
const isStreaming = (gateway: TestGateway) => () =>
  (gateway.simulator.requests[0]?.answer.bytesSent ?? 0) > 200;

describe("a gateway that is asked to stop", () => {
  it("lets a stream under way finish", async () => {
    await using gateway = await startGateway({ simulator: { tokenDelayMs: 5 } });
    const response = await gateway.post("/chat/completions", stream);
    await until(isStreaming(gateway));
    const closed = gateway.close(10_000);
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
    await closed;
  });

  it("ends a stream that outlasts the grace with an error event and without [DONE]", async () => {
    await using gateway = await startGateway({
      simulator: { faults: [{ stream: { afterFrames: 3, ending: "stall" } }] },
    });
    const response = await gateway.post("/chat/completions", stream);
    await until(isStreaming(gateway));
    const closed = gateway.close(50);
    const text = await response.text();
    expect(text).toMatch(/event: error\ndata: .*"code":"overloaded".*shutting down.*\n\n$/);
    expect(text).not.toContain("[DONE]");
    await closed;
    expect(gateway.simulator.requests[0]?.answer.clientAbortedAtMs).toBeDefined();
  });

  it.each([
    ["a whole answer", "/chat/completions", "POST"],
    ["a forwarded call", "/users/me/balance", "GET"],
  ])("answers 503 to %s that outlasts the grace", async (_, path, method) => {
    await using gateway = await startGateway({ simulator: { faults: [{ delayMs: 60_000 }] } });
    const call = method === "GET" ? gateway.get(path) : gateway.post(path, hello);
    await until(() => gateway.simulator.requests.length === 1);
    const closed = gateway.close(50);
    const response = await call;
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("shutting down");
    await closed;
  });

  it("is not ready while it drains", async () => {
    await using gateway = await startGateway();
    const client = await openRaw(gateway.port);
    client.send("GET /health/readiness HTTP/1.1\r\n");
    // The beginning of the request has to arrive before the gateway begins to stop.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = gateway.close(5_000);
    client.send("Host: x\r\n\r\n");
    const answer = await client.answer();
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { status: "draining" }]);
    client.socket.destroy();
    await closed;
  });

  it("takes no new connection", async () => {
    await using gateway = await startGateway();
    await gateway.close();
    await expect(gateway.get("/health/readiness")).rejects.toThrow("fetch failed");
  });
});

it("two gateways side by side know nothing of each other", async () => {
  await using one = await startGateway({ config: { general_settings: { master_key: "sk-the-first-one" } } });
  await using other = await startGateway();
  expect((await one.post("/chat/completions", hello)).status).toBe(401);
  expect((await other.post("/chat/completions", hello)).status).toBe(200);
  await one.close();
  expect((await other.get("/health/readiness")).status).toBe(200);
});
