import type { MoonshotSimulatorOptions } from "@perilune/moonshot-simulator";
import { describe, expect, it } from "vitest";
import { errorOf, hello, masterKey, providerKey, startGateway } from "./start-gateway.ts";
import type { TestGatewayOptions } from "./start-gateway.ts";

const down = "http://127.0.0.1:1/v1";

interface Entry {
  readonly name: string;
  readonly model?: string;
  readonly id: string;
  readonly params?: object;
}

/** A gateway with these models, and nothing else of the usual test configuration. */
function gatewayOf(
  entries: readonly Entry[],
  router_settings: object = {},
  more: TestGatewayOptions & { simulator?: MoonshotSimulatorOptions } = {},
) {
  const model_list = entries.map(({ name, model = "moonshot-v1-8k", id, params = {} }) => ({
    model_name: name,
    litellm_params: { model: `moonshot/${model}`, ...params },
    model_info: { id },
  }));
  return startGateway({ ...more, config: { model_list, router_settings, ...more.config } });
}

const attemptsOf = (response: Response) =>
  (response.headers.get("x-perilune-attempts") ?? "")
    .split(", ")
    .map((attempt) => attempt.replace(/^\d+;deployment=([^;]+);.*outcome=(\w+).*$/, "$1 $2"));

describe("deployments of one name", () => {
  it("stand in for each other before the name counts as failed", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "chat", id: "down", params: { api_base: down, order: 1 } },
        { name: "chat", id: "up", params: { order: 2 } },
      ],
      { num_retries: 0 },
    );
    const response = await gateway.post("/chat/completions", hello);
    expect(response.status).toBe(200);
    expect(attemptsOf(response)).toEqual(["down connection_failed", "up answered"]);
    expect(response.headers.get("x-portkey-retry-attempt-count")).toBe("1");
    expect(response.headers.get("x-perilune-decision")).toMatch(/^[\da-f]{8}$/);
  });

  it("do so in a stream too, before its first word", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "chat", id: "down", params: { api_base: down, order: 1 } },
        { name: "chat", id: "up", params: { order: 2 } },
      ],
      { num_retries: 0 },
    );
    const response = await gateway.post("/chat/completions", { ...hello, stream: true });
    expect(attemptsOf(response)).toEqual(["down connection_failed", "up answered"]);
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  });
});

describe("a failure that another attempt may mend", () => {
  it("is mended on the same deployment when there is no other", async () => {
    const faults = [{ times: 1, error: { status: 500, type: "server_error", message: "oh" } }];
    await using gateway = await gatewayOf(
      [{ name: "chat", id: "only" }],
      { num_retries: 1 },
      { simulator: { faults } },
    );
    const response = await gateway.post("/chat/completions", hello);
    expect(response.status).toBe(200);
    expect(attemptsOf(response)).toEqual(["only upstream_error", "only answered"]);
  });

  it("is not tried again before the provider's own wait has passed", async () => {
    const message = "Your account request reached organization max RPM: 3, please try again after 1 seconds";
    const faults = [{ times: 1, error: { status: 429, type: "rate_limit_reached_error", message } }];
    await using gateway = await gatewayOf(
      [{ name: "chat", id: "only" }],
      { num_retries: 1 },
      { simulator: { faults } },
    );
    expect((await gateway.post("/chat/completions", hello)).status).toBe(200);
    const [first, second] = gateway.simulator.requests;
    expect(second!.receivedAtMs - first!.receivedAtMs).toBeGreaterThanOrEqual(1_000);
  });

  it("of the caller's making is not", async () => {
    await using gateway = await gatewayOf([{ name: "chat", id: "only" }], { num_retries: 3 });
    const response = await gateway.post("/chat/completions", { ...hello, n: 9 });
    expect(response.status).toBe(400);
    expect(gateway.simulator.requests).toHaveLength(1);
  });
});

describe("fallbacks", () => {
  it("are asked in their order when a model has failed", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "first", id: "down", params: { api_base: down } },
        { name: "second", id: "second-1" },
      ],
      { num_retries: 0, fallbacks: [{ first: ["second"] }] },
    );
    const response = await gateway.post("/chat/completions", { ...hello, model: "first" });
    expect(attemptsOf(response)).toEqual(["down connection_failed", "second-1 answered"]);
  });

  it("for a prompt that is too long lead to a larger window only", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "small", id: "small-1" },
        { name: "large", model: "moonshot-v1-128k", id: "large-1" },
      ],
      { num_retries: 0, context_window_fallbacks: [{ small: ["large"] }] },
    );
    const long = { model: "small", messages: [{ role: "user", content: "moon ".repeat(12_000) }] };
    const response = await gateway.post("/chat/completions", long);
    expect(attemptsOf(response)).toEqual(["small-1 context_length_exceeded", "large-1 answered"]);
  });

  it("of a refused prompt are their own", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "strict", id: "strict-1" },
        { name: "other", id: "other-1" },
      ],
      { num_retries: 0, content_policy_fallbacks: [{ strict: ["other"] }] },
    );
    const message = { role: "user", content: "[simulate high risk]" };
    const response = await gateway.post("/chat/completions", { model: "strict", messages: [message] });
    expect(attemptsOf(response)).toEqual(["strict-1 content_filtered", "other-1 content_filtered"]);
    expect((await errorOf(response)).code).toBe("content_filter");
  });

  it("that lead back to where they began stop the start, at their place", async () => {
    const starting = gatewayOf(
      [
        { name: "a", id: "a" },
        { name: "b", id: "b" },
      ],
      {
        fallbacks: [{ a: ["b"] }, { b: ["a"] }],
      },
    );
    await expect(starting).rejects.toThrow(/loop|circle|back/i);
  });
});

describe("a deployment that keeps failing", () => {
  it("is left alone, says so under /health/targets, and the caller is told when to come back", async () => {
    await using gateway = await gatewayOf([{ name: "chat", id: "dying", params: { api_base: down } }], {
      num_retries: 0,
      allowed_fails: 2,
      cooldown_time: 30,
    });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await gateway.post("/chat/completions", hello);
      statuses.push(response.status);
      await response.arrayBuffer();
    }
    expect(statuses).toEqual([502, 502, 502, 503]);
    const last = await gateway.post("/chat/completions", hello);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(20);
    expect((await errorOf(last)).code).toBe("overloaded");
    const health = (await (await gateway.get("/health/targets")).json()) as { targets: object[] };
    expect(health.targets).toMatchObject([{ id: "dying", state: "out", reason: "connection_failed" }]);
  });

  it("is told by its own words, not by ours, when it is left alone in the middle of the retries", async () => {
    const faults = [{ error: { status: 500, type: "server_error", message: "boom" } }];
    await using gateway = await gatewayOf(
      [{ name: "chat", id: "dying" }],
      { num_retries: 3, allowed_fails: 0, cooldown_time: 30 },
      { simulator: { faults } },
    );
    const response = await gateway.post("/chat/completions", hello);
    const error = await errorOf(response);
    expect([response.status, error.code]).toEqual([502, "upstream_error"]);
    expect(error.message).toContain("boom");
    expect(gateway.simulator.requests).toHaveLength(1);
  });

  it("with a refused key takes the other deployments of that key along", async () => {
    const apiKeys = ["sk-good"];
    await using gateway = await gatewayOf(
      [
        { name: "a", id: "bad-1", params: { api_key: "sk-bad" } },
        { name: "b", id: "bad-2", params: { api_key: "sk-bad" } },
        { name: "c", id: "good", params: { api_key: "sk-good" } },
      ],
      { num_retries: 0 },
      { simulator: { apiKeys } },
    );
    const ask = async (model: string) =>
      (await gateway.post("/chat/completions", { ...hello, model })).status;
    expect([await ask("a"), await ask("b"), await ask("c")]).toEqual([502, 503, 200]);
    const text = await (await gateway.get("/health/targets")).text();
    expect(text).toContain("authentication");
    expect(text).not.toContain("sk-");
  });
});

describe("POST /explain", () => {
  it("shows the order, the reasons and the exact requests, and sends nothing", async () => {
    await using gateway = await gatewayOf(
      [
        { name: "chat", model: "kimi-k3", id: "primary" },
        { name: "backup", id: "backup-1" },
      ],
      { num_retries: 0, fallbacks: [{ chat: ["backup"] }] },
    );
    const response = await gateway.post("/explain", { ...hello, temperature: 1.7, max_tokens: 5 });
    expect(response.status).toBe(200);
    const explained = (await response.json()) as Record<string, unknown>;
    expect(explained).toMatchObject({
      decisionId: expect.stringMatching(/^[\da-f]{8}$/),
      targets: [
        {
          deploymentId: "primary",
          availability: "available",
          request: {
            method: "POST",
            url: `${gateway.simulator.url}/v1/chat/completions`,
            body: { model: "kimi-k3", max_completion_tokens: 5 },
          },
          adjustments: expect.arrayContaining([expect.objectContaining({ parameter: "temperature" })]),
          expectedPrice: { kind: "known", currency: "usd" },
        },
        { deploymentId: "backup-1", request: { body: { model: "moonshot-v1-8k", temperature: 1 } } },
      ],
    });
    expect(JSON.stringify(explained)).not.toContain(providerKey);
    expect(gateway.simulator.requests).toEqual([]);
  });
});

describe("a config in x-portkey-config", () => {
  const key = { virtual_keys: { team: { provider: "moonshot", api_key: providerKey } } };
  const post = async (config: unknown, body: object = hello, headers: Record<string, string> = {}) => {
    const gateway = await startGateway({ config: { ...key, general_settings: { master_key: masterKey } } });
    const response = await gateway.post("/chat/completions", body, {
      "x-portkey-api-key": masterKey,
      "x-portkey-config": typeof config === "string" ? config : JSON.stringify(config),
      ...headers,
    });
    return { gateway, response };
  };

  it("falls back from target to target, and says which one answered", async () => {
    const config = {
      strategy: { mode: "fallback" },
      targets: [
        { provider: "moonshot", api_key: "sk-wrong", override_params: { model: "kimi-of-nowhere" } },
        { virtual_key: "team", override_params: { model: "moonshot-v1-32k", temperature: 0.5 } },
      ],
    };
    const { gateway, response } = await post(config);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-portkey-last-used-option-index")).toBe("config.targets[1]");
    expect(response.headers.get("x-portkey-retry-attempt-count")).toBe("1");
    expect(gateway.simulator.requests.at(-1)!.json).toMatchObject({
      model: "moonshot-v1-32k",
      temperature: 0.5,
    });
    expect(response.headers.get("x-perilune-adjustments")).toContain("The route overrides this parameter.");
    await gateway.close();
  });

  it("chooses by conditions over metadata", async () => {
    const config = {
      strategy: {
        mode: "conditional",
        conditions: [{ query: { "metadata.plan": { $eq: "paid" } }, then: "large" }],
        default: "small",
      },
      targets: [
        { name: "small", virtual_key: "team", override_params: { model: "moonshot-v1-8k" } },
        { name: "large", virtual_key: "team", override_params: { model: "moonshot-v1-128k" } },
      ],
    };
    for (const [plan, model] of [
      ["paid", "moonshot-v1-128k"],
      ["free", "moonshot-v1-8k"],
    ] as const) {
      const { gateway, response } = await post(config, hello, { "x-portkey-metadata": `{'plan':'${plan}'}` });
      expect(response.status).toBe(200);
      expect(gateway.simulator.requests[0]!.json).toMatchObject({ model });
      await gateway.close();
    }
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "pc-moon-abc", "x-portkey-config"],
    [
      "an unknown mode",
      { strategy: { mode: "falback" }, targets: [{ virtual_key: "team" }] },
      "config.strategy.mode",
    ],
    [
      "a negative weight",
      { strategy: { mode: "loadbalance" }, targets: [{ virtual_key: "team", weight: -1 }] },
      "config.targets[0].weight",
    ],
    ["an unknown virtual key", { virtual_key: "nobody" }, "config"],
    ["an unknown provider", { provider: "moonshine", api_key: "x" }, "config.provider"],
    [
      "a host of the caller's",
      { virtual_key: "team", custom_host: "http://169.254.169.254" },
      "config.custom_host",
    ],
  ])("with %s is refused with the place, and nothing is sent", async (_, config, place) => {
    const { gateway, response } = await post(config);
    const error = await errorOf(response);
    expect([response.status, error.param]).toEqual([400, place]);
    expect(gateway.simulator.requests).toEqual([]);
    await gateway.close();
  });
});
