import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openRaw } from "../raw-http.ts";
import { errorOf, hello, startGateway } from "./start-gateway.ts";

const form = (bytes: number | string) => {
  const data = new FormData();
  data.set("purpose", "file-extract");
  data.set("file", new Blob([typeof bytes === "string" ? bytes : Buffer.alloc(bytes, "x")]), "moon.txt");
  return data;
};

describe("files", () => {
  it("are uploaded, listed, read and deleted", async () => {
    await using gateway = await startGateway();
    const upload = await fetch(`${gateway.url}/v1/files`, { method: "POST", body: form("The moon is far.") });
    const { id } = (await upload.json()) as { id: string };
    expect(await (await gateway.get("/files")).json()).toMatchObject({ data: [{ id }] });
    expect(await (await gateway.get(`/v1/files/${id}`)).json()).toMatchObject({ id, filename: "moon.txt" });
    expect(await (await gateway.get(`/files/${id}/content`)).text()).toBe("The moon is far.");
    const deletion = await fetch(`${gateway.url}/files/${id}`, { method: "DELETE" });
    expect(await deletion.json()).toMatchObject({ id, deleted: true });
    const gone = await gateway.get(`/files/${id}`);
    expect(gone.status).toBe(404);
    const error = await errorOf(gone);
    expect(error.message).toContain(`Not found the file ${id}`);
    expect(error.code).toBe("invalid_request");
  });

  it("of 30 MB pass, three times what a JSON body may have", async () => {
    await using gateway = await startGateway();
    const size = 30 * 1024 * 1024;
    const response = await fetch(`${gateway.url}/files`, { method: "POST", body: form(size) });
    expect(await response.json()).toMatchObject({ bytes: size });
  });

  it("that say they are too large are refused before a byte of them is asked for", async () => {
    await using gateway = await startGateway();
    const client = await openRaw(gateway.port);
    client.send(
      "POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 120000000\r\n\r\n",
    );
    const answer = await client.answer();
    expect(answer.status).toBe(413);
    expect(answer.body).toContain('"code":"request_too_large"');
    expect(gateway.simulator.requests).toHaveLength(0);
    client.socket.destroy();
  });

  it("are refused once they have grown too large", async () => {
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
    expect([response.status, (await errorOf(response)).code]).toEqual([413, "request_too_large"]);
  });

  it("that come compressed are refused", async () => {
    await using gateway = await startGateway();
    const response = await gateway.post("/files", "x", {
      "content-type": "multipart/form-data; boundary=b",
      "content-encoding": "gzip",
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([415, "unsupported_content_encoding"]);
  });

  it.each([
    ["/files/%2e%2e/content", 400],
    ["/files/%2e%2e", 400],
    ["/files/..%2fmodels", 404],
    ["/files/..%2f..%2fadmin/content", 404],
  ])("with the id of another path lead nowhere: %s", async (path, expected) => {
    await using gateway = await startGateway();
    const client = await openRaw(gateway.port);
    const { status } = await client.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).answer();
    client.socket.destroy();
    expect([status, gateway.simulator.requests.length]).toEqual([expected, 0]);
  });
});

describe("a token count", () => {
  it("is asked for under the provider's name of the model", async () => {
    await using gateway = await startGateway();
    const response = await gateway.post("/v1/tokenizers/estimate-token-count", hello);
    expect(await response.json()).toMatchObject({ data: { total_tokens: expect.any(Number) } });
    expect(gateway.simulator.requests[0]?.json).toMatchObject({ model: "moonshot-v1-8k" });
    expect(response.headers.get("x-litellm-model-id")).toBe("chat-1");
  });

  it.each([
    [{ ...hello, model: "chatt" }, 404, "model_not_found", 'Did you mean "chat"'],
    [{ messages: [] }, 400, "invalid_request", "model: expected"],
  ])("of %j is refused", async (body, status, code, words) => {
    await using gateway = await startGateway();
    const response = await gateway.post("/tokenizers/estimate-token-count", body);
    const error = await errorOf(response);
    expect([response.status, error.code]).toEqual([status, code]);
    expect(error.message).toContain(words);
  });

  it("is asked for with a virtual key named in the model", async () => {
    await using gateway = await startGateway({
      config: { virtual_keys: { team: { provider: "moonshot", api_key: "sk-of-the-team" } } },
    });
    const response = await gateway.post("/tokenizers/estimate-token-count", {
      ...hello,
      model: "@team/moonshot-v1-8k",
    });
    await response.arrayBuffer();
    expect(gateway.simulator.requests[0]?.headers.authorization).toBe("Bearer sk-of-the-team");
  });
});

describe("a refused key", () => {
  const replays = [
    {
      match: () => true,
      status: 401,
      body: '{"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}',
    },
  ];

  it("of the operator's is not the caller's fault", async () => {
    await using gateway = await startGateway({ simulator: { replays } });
    const response = await gateway.get("/users/me/balance");
    expect([response.status, (await errorOf(response)).code]).toEqual([502, "authentication"]);
  });

  it("of the caller's own is", async () => {
    await using gateway = await startGateway({ simulator: { replays } });
    const response = await gateway.get("/users/me/balance", {
      "x-portkey-provider": "moonshot",
      authorization: "Bearer sk-my-own",
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([401, "invalid_api_key"]);
  });
});

it("a redirect is neither followed nor passed on", async () => {
  const replays = [
    { match: () => true, status: 302, headers: { Location: "http://127.0.0.1:1/" }, body: "" },
  ];
  await using gateway = await startGateway({ simulator: { replays } });
  const response = await gateway.get("/files");
  expect([response.status, response.headers.get("location")]).toEqual([502, null]);
});

it("an upstream that breaks off leaves the answer unfinished", async () => {
  const replays = [
    { match: () => true, status: 200, body: "x".repeat(1_000), cutAtByte: 500, end: "reset" as const },
  ];
  await using gateway = await startGateway({ simulator: { replays } });
  const response = await gateway.get("/files/x/content");
  await expect(response.text()).rejects.toThrow("terminated");
  expect(await gateway.requestLines()).toMatchObject([{ errorCode: "stream_interrupted" }]);
});

describe("headers", () => {
  it("go to the provider only if they are on the list, and the query as it is", async () => {
    await using gateway = await startGateway();
    const response = await gateway.get("/files?purpose=file-extract&after=a%20b", {
      cookie: "session=1",
      "x-forwarded-for": "10.0.0.1",
      "x-api-key": "sk-x",
      "x-portkey-metadata": "{}",
      "x-custom": "1",
      te: "trailers",
      accept: "application/json",
    });
    await response.arrayBuffer();
    const [asked] = gateway.simulator.requests;
    expect(asked?.path).toBe("/v1/files?purpose=file-extract&after=a+b");
    expect(Object.keys(asked?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "authorization",
      "connection",
      "host",
    ]);
    expect(asked?.headers.host).toBe(new URL(gateway.simulator.url).host);
  });

  it("come back only if they are on the list", async () => {
    const hostile = {
      "Content-Type": "text/plain",
      "Set-Cookie": "a=b",
      Location: "http://evil",
      "Access-Control-Allow-Origin": "*",
      "Content-Security-Policy": "x",
      "X-Accel-Redirect": "/etc/passwd",
      "X-Request-Id": "theirs",
      "Msh-Request-Id": "m-1",
      Connection: "close",
    };
    const upstream = createServer((_request, response) => response.writeHead(200, hostile).end("text"));
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const { port } = upstream.address() as AddressInfo;
    await using gateway = await startGateway({ baseUrl: `http://127.0.0.1:${port}/v1` });
    const response = await gateway.get("/files/x/content");
    expect(await response.text()).toBe("text");
    const ours = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);
    const names = [...response.headers.keys()].filter(
      (name) => !ours.has(name) && !/^x-(perilune|portkey|litellm)-/.test(name),
    );
    expect(names.sort()).toEqual(["content-type", "msh-request-id", "x-request-id"]);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    upstream.close();
    upstream.closeAllConnections();
  });
});
