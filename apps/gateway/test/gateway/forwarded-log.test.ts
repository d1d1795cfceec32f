import { expect, it } from "vitest";
import { errorOf, hello, startGateway } from "./start-gateway.ts";

const firstId = "chat-1";

it("a forwarded call's line holds its one attempt", async () => {
  await using gateway = await startGateway();
  const response = await gateway.post("/tokenizers/estimate-token-count", hello);
  await response.arrayBuffer();
  expect(response.headers.get("x-perilune-attempts")).toBe(
    "1;deployment=chat-1;provider=moonshot;model=moonshot-v1-8k;outcome=answered",
  );
  expect(await gateway.requestLines()).toMatchObject([
    {
      status: 200,
      attempts: [
        {
          number: 1,
          deployment: firstId,
          provider: "moonshot",
          model: "moonshot-v1-8k",
          outcome: "complete",
          upstreamStatus: 200,
          durationMs: expect.any(Number),
        },
      ],
    },
  ]);
});

it("a file that does not exist keeps its 404, the name for it, and its attempt", async () => {
  await using gateway = await startGateway();
  const response = await gateway.get("/files/nowhere");
  expect(response.status).toBe(404);
  expect((await errorOf(response)).message).toMatch(/\(litellm\.NotFoundError\)$/);
  expect(await gateway.requestLines()).toMatchObject([
    {
      status: 404,
      errorCode: "invalid_request",
      attempts: [
        { deployment: firstId, outcome: "errored", errorCode: "invalid_request", upstreamStatus: 404 },
      ],
    },
  ]);
});

it("a provider that cannot be reached has one attempt too, in the log and in the headers", async () => {
  await using gateway = await startGateway({ baseUrl: "http://127.0.0.1:1/v1" });
  const response = await gateway.get("/users/me/balance");
  expect([response.status, (await errorOf(response)).code]).toEqual([502, "connection_failed"]);
  expect(response.headers.get("x-perilune-attempts")).toMatch(
    /^1;deployment=chat-1;provider=moonshot;outcome=connection_failed;ms=\d+$/,
  );
  expect(response.headers.get("x-portkey-provider")).toBe("moonshot");
  expect(await gateway.requestLines()).toMatchObject([
    { errorCode: "connection_failed", attempts: [{ outcome: "errored", errorCode: "connection_failed" }] },
  ]);
});

it("an answer that breaks off has one attempt, cut short", async () => {
  const replays = [
    { match: () => true, status: 200, body: "x".repeat(1_000), cutAtByte: 500, end: "reset" as const },
  ];
  await using gateway = await startGateway({ simulator: { replays } });
  const response = await gateway.get("/files/x/content");
  await expect(response.text()).rejects.toThrow("terminated");
  expect(await gateway.requestLines()).toMatchObject([
    { attempts: [{ outcome: "truncated", errorCode: "stream_interrupted", upstreamStatus: 200 }] },
  ]);
});

it("an upload that is refused once it has grown too large is no failure of the provider's", async () => {
  await using gateway = await startGateway();
  async function* pieces() {
    for (let count = 0; count < 110; count++) yield Buffer.alloc(1024 * 1024, "x");
  }
  const response = await fetch(`${gateway.url}/files`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body: ReadableStream.from(pieces()),
    duplex: "half",
  });
  expect(response.status).toBe(413);
  await response.arrayBuffer();
  expect(await gateway.requestLines()).toMatchObject([
    { errorCode: "request_too_large", attempts: [{ outcome: "cancelled", errorCode: "cancelled" }] },
  ]);
});

it("a rate limit has one word in the whole line, ours", async () => {
  const body = '{"error":{"type":"rate_limit_reached_error","message":"slow"}}';
  await using gateway = await startGateway({
    simulator: { replays: [{ match: () => true, status: 429, body }] },
  });
  const response = await gateway.post("/chat/completions", hello);
  expect((await errorOf(response)).code).toBe("rate_limit_exceeded");
  expect(await gateway.requestLines()).toMatchObject([
    { errorCode: "rate_limited", attempts: [{ errorCode: "rate_limited" }] },
  ]);
});

it("a caller's own key and a virtual key have ids of their own", async () => {
  await using gateway = await startGateway({
    config: { virtual_keys: { team: { provider: "moonshot", api_key: "sk-of-the-team" } } },
  });
  const idWith = async (headers: Record<string, string>) => {
    const response = await gateway.post("/chat/completions", { ...hello, model: "kimi-k3" }, headers);
    await response.arrayBuffer();
    return response.headers.get("x-litellm-model-id");
  };
  expect(await idWith({ "x-portkey-provider": "moonshot", authorization: "Bearer sk-my-own" })).toBe(
    "own:moonshot/kimi-k3",
  );
  expect(await idWith({ "x-portkey-virtual-key": "team" })).toBe("@team/kimi-k3");
});

it.each(["own:moonshot/kimi-k3", "@team/kimi-k3"])("an operator cannot take the id %s", async (id) => {
  const model_list = [{ model_name: "a", litellm_params: { model: "moonshot/kimi-k3" }, model_info: { id } }];
  await expect(startGateway({ config: { model_list } })).rejects.toThrow("cannot be an id");
});
