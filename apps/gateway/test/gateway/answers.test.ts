import type { Adjustment } from "@perilune/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, hello, startGateway } from "./start-gateway.ts";
import type { TestGateway } from "./start-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe("chat completions", () => {
  it.each([
    "/chat/completions",
    "/engines/chat/chat/completions",
    "/engines/moonshot/moonshot-v1-8k/chat/completions",
    "/openai/deployments/chat/chat/completions",
  ])("answer on %s, with and without /v1", async (path) => {
    for (const prefix of ["", "/v1"]) {
      const response = await gateway.post(prefix + path, { ...hello, model: "chat" });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ choices: [{ finish_reason: "stop" }] });
    }
  });

  it("take the model from the path when the body has none", async () => {
    const response = await gateway.post("/engines/chat/chat/completions", { messages: hello.messages });
    await response.arrayBuffer();
    expect(response.headers.get("x-litellm-model-id")).toBe("chat-1");
  });

  it.each([false, true])("say who answered, streaming: %s", async (stream) => {
    const response = await gateway.post("/chat/completions", { ...hello, stream });
    await response.arrayBuffer();
    const id = response.headers.get("x-request-id");
    expect(id).toMatch(/^req_[0-9a-v]{24}$/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-perilune-attempts": "1;deployment=chat-1;provider=moonshot;model=moonshot-v1-8k;outcome=answered",
      "x-portkey-trace-id": id,
      "x-portkey-provider": "moonshot",
      "x-portkey-retry-attempt-count": "0",
      "x-portkey-last-used-option-index": "config",
      "x-litellm-model-id": "chat-1",
      "x-litellm-call-id": id,
    });
  });
});

describe("the trace id", () => {
  const trace = async (headers: Record<string, string>) => {
    const response = await gateway.get("/health/liveness", headers);
    await response.arrayBuffer();
    return [response.headers.get("x-portkey-trace-id"), response.headers.get("x-request-id")];
  };

  it("is the caller's", async () => {
    expect((await trace({ "x-portkey-trace-id": "t-1" }))[0]).toBe("t-1");
  });

  it("is that of a traceparent", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect((await trace({ traceparent }))[0]).toBe("0af7651916cd43dd8448eb211c80319c");
  });

  it.each(["", " ", "a b", "x".repeat(257)])("is the request's own when the caller's is %j", async (own) => {
    const [traceId, requestId] = await trace({ "x-portkey-trace-id": own });
    expect(traceId).toBe(requestId);
  });

  it.each(["/nowhere", "/chat/completions", "/models/x", "/files/x"])(
    "is never empty on an error of %s",
    async (path) => {
      const response = await gateway.get(path);
      await response.arrayBuffer();
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get("x-portkey-trace-id")).toMatch(/^req_/);
    },
  );
});

describe("a changed request", () => {
  const changed = { ...hello, model: "kimi-k2.6", temperature: 0.123, num_retries: 3, tags: ["a"] };

  it("is listed in a header, change by change", async () => {
    const response = await gateway.post("/chat/completions", changed);
    await response.arrayBuffer();
    const adjustments = JSON.parse(response.headers.get("x-perilune-adjustments") ?? "[]") as Adjustment[];
    expect(adjustments.map(({ parameter }) => parameter)).toEqual(
      expect.arrayContaining(["num_retries", "tags", "temperature"]),
    );
    expect(adjustments.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it.each([
    ["by the provider's rules", { ...hello, model: "kimi-k2.6", temperature: 0.123 }, "temperature"],
    ["by the gateway", { ...hello, num_retries: 3 }, "num_retries"],
  ])("is refused in strict mode, changed %s", async (_, body, parameter) => {
    const asked = gateway.simulator.requests.length;
    const response = await gateway.post("/chat/completions", body, { "x-perilune-strict": "true" });
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([400, "invalid_request", parameter]);
    expect(error.message).toContain("Strict mode");
    expect(gateway.simulator.requests).toHaveLength(asked);
  });

  it("in spelling only is served in strict mode", async () => {
    const response = await gateway.post(
      "/chat/completions",
      { ...hello, tags: ["a"] },
      { "x-perilune-strict": "True" },
    );
    await response.arrayBuffer();
    expect(response.status).toBe(200);
  });

  it("by the operator's own defaults and drops is served in strict mode, on record", async () => {
    const params = { model: "moonshot/moonshot-v1-8k", temperature: 0.5, additional_drop_params: ["seed"] };
    await using configured = await startGateway({
      config: { model_list: [{ model_name: "chat", litellm_params: params }] },
    });
    const response = await configured.post(
      "/chat/completions",
      { ...hello, seed: 7 },
      { "x-perilune-strict": "true" },
    );
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    expect(JSON.parse(response.headers.get("x-perilune-adjustments") ?? "[]")).toMatchObject([
      { parameter: "temperature", action: "added", to: 0.5, effect: "configured" },
      { parameter: "seed", action: "removed", from: 7, effect: "configured" },
    ]);
    expect(configured.simulator.requests[0]?.json).toMatchObject({ temperature: 0.5 });
  });

  it("is not let through by a misspelled strict", async () => {
    const response = await gateway.post("/chat/completions", hello, { "x-perilune-strict": "yes" });
    expect((await errorOf(response)).param).toBe("x-perilune-strict");
  });
});

describe("models", () => {
  it.each(["/models", "/v1/models", "/v1/models/"])(
    "are listed on %s by their public names",
    async (path) => {
      const response = await gateway.get(path);
      const { data } = (await response.json()) as { data: { id: string; owned_by: string }[] };
      const names = data.map(({ id }) => id);
      expect(names).toEqual(expect.arrayContaining(["chat", "moonshot/kimi-k3", "kimi-k3"]));
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => name.includes("*"))).toEqual([]);
    },
  );

  it.each([
    ["chat", "chat"],
    ["kimi-k3", "kimi-k3"],
    ["moonshot/kimi-k3", "moonshot/kimi-k3"],
    ["moonshot%2Fkimi-k3", "moonshot/kimi-k3"],
  ])("are described one by one: %s", async (path, id) => {
    const response = await gateway.get(`/v1/models/${path}`);
    expect(await response.json()).toMatchObject({ id, object: "model", owned_by: "moonshot" });
  });

  it("have the day they went live where it is known", async () => {
    const createdOf = async (name: string) => {
      const response = await gateway.get(`/models/${name}`);
      return ((await response.json()) as { created: number }).created;
    };
    expect(await createdOf("kimi-k3")).toBe(Date.UTC(2026, 6, 16) / 1000);
    expect(await createdOf("moonshot-v1-8k")).toBe(1_677_610_602);
  });

  const own = { "x-portkey-provider": "moonshot", authorization: "Bearer sk-my-own" };

  it("are the provider's own list for a caller with a key of their own", async () => {
    const response = await gateway.get("/v1/models?page=2", own);
    const { data } = (await response.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toContain("kimi-k3");
    const asked = gateway.simulator.requests.at(-1);
    expect([asked?.path, asked?.headers.authorization]).toEqual(["/v1/models?page=2", "Bearer sk-my-own"]);
  });

  it("are described to a caller with a key of their own", async () => {
    const response = await gateway.get("/v1/models/kimi-k3", own);
    expect(await response.json()).toMatchObject({ id: "kimi-k3", owned_by: "moonshot" });
  });
});

describe("health", () => {
  it.each(["/health/liveliness", "/health/liveness", "/v1/health/liveness"])("%s says so", async (path) => {
    expect(await (await gateway.get(path)).json()).toBe("I'm alive!");
  });

  it("readiness says healthy", async () => {
    expect(await (await gateway.get("/health/readiness")).json()).toEqual({ status: "healthy" });
  });

  it("lists the deployments without asking a provider", async () => {
    const asked = gateway.simulator.requests.length;
    const report = (await (await gateway.get("/health")).json()) as { healthy_count: number };
    expect(report.healthy_count).toBe(4);
    expect(gateway.simulator.requests).toHaveLength(asked);
  });
});

describe("the health of a deployment", () => {
  const report = async (gateway: TestGateway) =>
    (await (await gateway.get("/health")).json()) as Record<string, { model_id: string; status: string }[]>;
  const model_list = [
    { model_name: "chat", litellm_params: { model: "moonshot/kimi-k3" }, model_info: { id: "only" } },
  ];

  it("is unknown until it was asked, then what its last answer says", async () => {
    let status = 200;
    const busy = (code: number) => ({ match: () => status === code, status: code, body: "{}" });
    await using gateway = await startGateway({
      config: { model_list },
      simulator: { replays: [busy(500), busy(401)] },
    });
    const statusAfter = async (next: number) => {
      status = next;
      await (await gateway.post("/chat/completions", hello)).arrayBuffer();
      const { healthy_endpoints, unhealthy_endpoints } = await report(gateway);
      return [...(healthy_endpoints ?? []), ...(unhealthy_endpoints ?? [])];
    };
    expect(await report(gateway)).toMatchObject({
      healthy_endpoints: [{ model_id: "only", status: "unknown" }],
      unhealthy_count: 0,
    });
    expect(await statusAfter(500)).toMatchObject([{ status: "unhealthy", error: "upstream_error" }]);
    expect(await report(gateway)).toMatchObject({ healthy_count: 0, unhealthy_count: 1 });
    expect(await statusAfter(200)).toMatchObject([{ status: "healthy" }]);
    expect(await statusAfter(401)).toMatchObject([{ status: "unhealthy", error: "authentication" }]);
  });

  it("is not touched by what a caller's own key meets", async () => {
    await using gateway = await startGateway({
      config: { model_list },
      simulator: { replays: [{ match: () => true, status: 401, body: "{}" }] },
    });
    const own = { "x-portkey-provider": "moonshot", authorization: "Bearer sk-my-own" };
    await (await gateway.post("/chat/completions", hello, own)).arrayBuffer();
    expect(await report(gateway)).toMatchObject({ healthy_endpoints: [{ status: "unknown" }] });
  });
});

describe("HEAD", () => {
  it.each(["/models", "/v1/models/kimi-k3", "/health", "/health/liveness", "/files"])(
    "%s has the headers of GET and no body",
    async (path) => {
      const varying =
        /^(date|x-request-id|x-litellm-call-id|x-portkey-trace-id|msh-request-id|connection|keep-alive)$/;
      const headersOf = (response: Response) =>
        [...response.headers].filter(([name]) => !varying.test(name) && name !== "transfer-encoding");
      const get = await gateway.get(path);
      const head = await fetch(gateway.url + path, { method: "HEAD" });
      await get.arrayBuffer();
      expect([head.status, await head.text(), headersOf(head)]).toEqual([200, "", headersOf(get)]);
    },
  );
});

it("every request has exactly one line in the log", async () => {
  await using fresh = await startGateway();
  for (const path of ["/models", "/nowhere", "/health", "/files/x"])
    await (await fresh.get(path)).arrayBuffer();
  await (await fresh.post("/chat/completions", { ...hello, stream: true })).arrayBuffer();
  await (await fresh.post("/chat/completions", "{")).arrayBuffer();
  const lines = await fresh.requestLines(6);
  expect(lines.map(({ endpoint, status }) => [endpoint, status])).toEqual([
    ["models.list", 200],
    ["unmatched", 404],
    ["health", 200],
    ["get_file", 404],
    ["chat.completions", 200],
    ["chat.completions", 400],
  ]);
});
