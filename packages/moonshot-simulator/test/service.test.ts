import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { MoonshotSimulatorOptions } from "../src/index.ts";
import { chat, say, send, start } from "./client.ts";

const invalidAuthentication =
  '{"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}';
const incorrectKey = '{"error":{"message":"Incorrect API key provided","type":"incorrect_api_key_error"}}';

describe("authentication", () => {
  it.each<[MoonshotSimulatorOptions, Record<string, string>, number, string]>([
    [{}, {}, 401, invalidAuthentication],
    [{}, { authorization: "Bearer " }, 401, invalidAuthentication],
    [{}, { authorization: "Basic abc" }, 401, invalidAuthentication],
    [{ apiKeys: ["sk-a"] }, { authorization: "Bearer sk-b" }, 401, incorrectKey],
    [{ apiKeys: ["sk-a"] }, { authorization: "Bearer sk-a" }, 200, '{"object":"list"'],
    [{}, { authorization: "Bearer anything" }, 200, '{"object":"list"'],
  ])("with %j and %j answers %i", async (options, headers, status, text) => {
    await using simulator = await start(options);
    const answer = await send(simulator, "GET", "/v1/models", undefined, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });
});

describe("routes", () => {
  it("answers an unknown route with an error that is a string, even to strangers", async () => {
    await using simulator = await start();
    const answer = await send(simulator, "POST", "/v1/responses", {}, {});
    expect([answer.status, answer.text]).toEqual([404, '{"error":"url.not_found"}']);
  });

  it("answers a wrong method with the right ones", async () => {
    await using simulator = await start();
    const answer = await send(simulator, "GET", "/v1/chat/completions");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("answers a body that is no JSON with 400", async () => {
    await using simulator = await start();
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: "{",
    });
    expect([response.status, await response.text()]).toEqual([
      400,
      '{"error":{"message":"Invalid request: the body is not valid JSON","type":"invalid_request_error"}}',
    ]);
  });

  it("says what the retired and the future model's callers are told", async () => {
    await using simulator = await start({ asOf: new Date("2026-09-01") });
    const ids = ["kimi-k2.5", "kimi-k3.1-pro"];
    const answers = await Promise.all(ids.map((model) => chat(simulator, { model })));
    expect(answers.map(({ status, text }) => [status, JSON.parse(text).error])).toEqual(
      ids.map((id) => [
        404,
        { message: `Not found the model ${id} or Permission denied`, type: "resource_not_found_error" },
      ]),
    );
  });

  it("lists models with their documented fields", async () => {
    await using simulator = await start();
    const { data } = JSON.parse((await send(simulator, "GET", "/v1/models")).text);
    expect(data.find((model: { id: string }) => model.id === "kimi-k2.6")).toEqual({
      id: "kimi-k2.6",
      object: "model",
      created: 1_776_643_200,
      owned_by: "moonshot",
      context_length: 262_144,
      supports_image_in: true,
      supports_video_in: true,
      supports_reasoning: true,
    });
  });
});

describe("money", () => {
  it("shows the documentation's balance byte for byte by default", async () => {
    await using simulator = await start();
    const answer = await send(simulator, "GET", "/v1/users/me/balance");
    expect(answer.text).toBe(
      '{"code":0,"data":{"available_balance":49.58894,"voucher_balance":46.58893,"cash_balance":3.00001},"scode":"0x0","status":true}',
    );
  });

  it("refuses to answer when nothing is left, but not while a voucher stands beside a debt", async () => {
    await using poor = await start({ balance: { voucher: 0, cash: -3 } });
    await using indebted = await start({ balance: { voucher: 1, cash: -3 } });
    const refused = await chat(poor, {});
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text).error).toEqual({
      message: expect.stringMatching(
        /^You exceeded your current token quota: <org-\w+> 0, please check your account balance$/,
      ),
      type: "exceeded_current_quota_error",
    });
    expect((await chat(indebted, {})).status).toBe(200);
  });
});

describe("limits", () => {
  it("count the prompt and the room asked for, over all keys", async () => {
    await using simulator = await start({ limits: { tokensPerMinute: 1_000 } });
    expect((await chat(simulator, { max_completion_tokens: 900 })).status).toBe(200);
    const other = { authorization: "Bearer sk-other" };
    const body = { model: "kimi-k2.6", messages: say("hi"), max_tokens: 900 };
    const refused = await send(simulator, "POST", "/v1/chat/completions", body, other);
    expect([refused.status, JSON.parse(refused.text).error.type]).toEqual([429, "rate_limit_reached_error"]);
    expect(refused.text).toMatch(/organization TPM rate limit, current:1816, limit:1000/);
  });

  it("hold a place while a stream runs and free it at its end", async () => {
    await using simulator = await start({ limits: { concurrency: 1 }, tokenDelayMs: 5 });
    const running = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: JSON.stringify({ model: "kimi-k3", stream: true, messages: say("hi") }),
    });
    const refused = await chat(simulator, {});
    await running.text();
    expect(refused.text).toContain("request reached organization max concurrency: 1");
    expect((await chat(simulator, {})).status).toBe(200);
  });
});

describe("files", () => {
  const form = (purpose: string, content: string | Uint8Array<ArrayBuffer>, name = "notes.txt") => {
    const data = new FormData();
    data.append("purpose", purpose);
    data.append("file", new Blob([content]), name);
    return data;
  };

  it("are uploaded, listed, read and deleted", async () => {
    await using simulator = await start();
    const uploaded = await send(simulator, "POST", "/v1/files", form("file-extract", "a poem"));
    const file = JSON.parse(uploaded.text);
    expect(file).toMatchObject({ object: "file", bytes: 6, filename: "notes.txt", status: "ready" });
    const listed = await send(simulator, "GET", "/v1/files");
    expect(JSON.parse(listed.text)).toEqual({ object: "list", data: [file] });
    expect((await send(simulator, "GET", `/v1/files/${file.id}`)).text).toBe(uploaded.text);
    expect((await send(simulator, "GET", `/v1/files/${file.id}/content`)).text).toBe("a poem");
    const deleted = await send(simulator, "DELETE", `/v1/files/${file.id}`);
    expect(JSON.parse(deleted.text)).toEqual({ id: file.id, object: "file", deleted: true });
    expect((await send(simulator, "GET", `/v1/files/${file.id}`)).status).toBe(404);
  });

  it.each([
    ["essay", "x", "Invalid purpose: only 'file-extract' accepted"],
    ["image", "", "File size is zero, please confirm and re-upload the file"],
    [
      "image",
      new Uint8Array(100 * 1024 * 1024 + 1),
      "File size is too large, max file size is 100MB, please confirm and re-upload the file",
    ],
  ])("with purpose %s are refused for what is wrong with them", async (purpose, content, message) => {
    await using simulator = await start();
    const answer = await send(simulator, "POST", "/v1/files", form(purpose, content));
    expect([answer.status, JSON.parse(answer.text).error.message]).toEqual([400, message]);
  });

  it("are refused beyond the account's number", async () => {
    await using simulator = await start({ maxFiles: 1 });
    await send(simulator, "POST", "/v1/files", form("image", "x"));
    const answer = await send(simulator, "POST", "/v1/files", form("image", "y"));
    expect(answer.text).toContain("exceeded the max file count 1, please delete previous uploaded files");
  });

  it("of pictures can be shown to a model", async () => {
    await using simulator = await start();
    const { id } = JSON.parse((await send(simulator, "POST", "/v1/files", form("image", "png"))).text);
    const messages = [{ role: "user", content: [{ type: "image_url", image_url: { url: `ms://${id}` } }] }];
    expect((await chat(simulator, { messages })).status).toBe(200);
  });
});

describe("the ledger", () => {
  it("keeps what came and what went", async () => {
    await using simulator = await start();
    const answer = await chat(simulator, { messages: say("hello ledger") });
    const [request] = simulator.requests;
    expect(request).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      json: { model: "kimi-k3", messages: say("hello ledger") },
      answer: { status: 200, bytesSent: Buffer.byteLength(answer.text), clientAbortedAtMs: undefined },
    });
    expect(JSON.parse(request!.body.toString())).toEqual(request!.json);
  });

  it("keeps only the latest requests when told how many", async () => {
    await using simulator = await start({ ledgerSize: 1 });
    await send(simulator, "GET", "/v1/models");
    await send(simulator, "GET", "/v1/files");
    expect(simulator.requests.map(({ path }) => path)).toEqual(["/v1/files"]);
  });

  it("notes a client that leaves, and the stream stops being made", async () => {
    await using simulator = await start({ tokenDelayMs: 5 });
    const leaving = new AbortController();
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: JSON.stringify({ model: "kimi-k3", stream: true, messages: say("count to 9999") }),
      signal: leaving.signal,
    });
    await response.body!.getReader().read();
    leaving.abort();
    const { answer } = simulator.requests[0]!;
    await expect.poll(() => answer.clientAbortedAtMs).toBe(Date.parse("2026-11-22T12:00:00Z"));
    const sent = answer.bytesSent;
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([answer.bytesSent, answer.finishedAtMs]).toEqual([sent, undefined]);
  });
});

describe("the command line", () => {
  const main = new URL("../src/main.ts", import.meta.url).pathname;
  const run = (...args: string[]) =>
    spawn(process.execPath, ["--conditions=@perilune/source", main, ...args]);

  it("starts a simulator, prints one line with its address and ends well on SIGTERM", async () => {
    const child = run("--as-of", "2026-11-22", "--api-key", "sk-demo");
    const [line] = await once(child.stdout, "data");
    const url = /^Moonshot simulator listening on (http:\/\/127\.0\.0\.1:\d+\/v1)\n$/.exec(String(line))?.[1];
    const response = await fetch(`${url}/models`, { headers: { authorization: "Bearer sk-demo" } });
    expect(JSON.parse(await response.text()).data).toHaveLength(6);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("refuses an option it does not know", async () => {
    expect(await once(run("--speed", "9"), "exit")).toEqual([2, null]);
  });
});
