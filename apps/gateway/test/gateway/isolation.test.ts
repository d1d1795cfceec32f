import { describe, expect, it } from "vitest";
import { errorOf, hello, masterKey, providerKey, startGateway } from "./start-gateway.ts";
import type { TestGateway } from "./start-gateway.ts";

const message = "Your account request reached organization max RPM: 3, please try again after 20 seconds";
const rateLimit = { status: 429, type: "rate_limit_reached_error", message };
const team = { virtual_keys: { team: { provider: "moonshot", api_key: providerKey } } };
const cooling = { router_settings: { num_retries: 0 } };

const withOwnKey = (gateway: TestGateway, key: string) =>
  gateway.post("/chat/completions", hello2, {
    "x-portkey-provider": "moonshot",
    authorization: `Bearer ${key}`,
  });
const hello2 = { ...hello, model: "kimi-k3" };

const withConfig = (gateway: TestGateway, config: object, headers: Record<string, string> = {}) =>
  gateway.post("/chat/completions", hello, { "x-portkey-config": JSON.stringify(config), ...headers });

describe("one caller's trouble", () => {
  it("with a key of their own is nobody else's", async () => {
    const faults = [{ times: 1, error: rateLimit }];
    await using gateway = await startGateway({ config: cooling, simulator: { faults } });
    expect((await withOwnKey(gateway, "sk-alice")).status).toBe(429);
    expect((await withOwnKey(gateway, "sk-alice")).status).toBe(429);
    expect((await withOwnKey(gateway, "sk-bob")).status).toBe(200);
    expect(gateway.simulator.requests).toHaveLength(2);
    expect(await (await gateway.get("/health/targets")).text()).not.toContain("own:");
  });

  it("with one model of a pattern leaves its other models alone", async () => {
    const error = { status: 500, type: "server_error", message: "oh" };
    const faults = [
      { error, match: ({ json }: { json: unknown }) => JSON.stringify(json).includes("kimi-k2.6") },
    ];
    await using gateway = await startGateway({ config: cooling, simulator: { faults } });
    const ask = async (model: string) =>
      (await gateway.post("/chat/completions", { ...hello, model })).status;
    for (let count = 0; count < 6; count++) await ask("moonshot/kimi-k2.6");
    expect([await ask("moonshot/kimi-k2.6"), await ask("moonshot/kimi-k3")]).toEqual([503, 200]);
  });

  const anyTarget = { targets: [{ provider: "moonshot" }], strategy: { mode: "fallback" } };

  it("with a breaker of their own opens it for nobody else", async () => {
    await using gateway = await startGateway({ config: { router_settings: { num_retries: 0 } } });
    const breaker = { failure_threshold: 1, failure_status_codes: [400], cooldown_interval: 3_600_000 };
    const wrong = { ...hello, n: 9 };
    const config = { "x-portkey-config": JSON.stringify({ ...anyTarget, cb_config: breaker }) };
    expect((await gateway.post("/chat/completions", wrong, config)).status).toBe(400);
    expect((await gateway.post("/chat/completions", wrong, config)).status).toBe(400);
    expect((await gateway.post("/chat/completions", hello)).status).toBe(200);
  });

  it("with a time limit of their own says nothing about the provider", async () => {
    const simulator = { faults: [{ times: 6, delayMs: 200 }] };
    await using gateway = await startGateway({ config: cooling, simulator });
    for (let count = 0; count < 6; count++) {
      const response = await withConfig(gateway, { ...anyTarget, request_timeout: 20 });
      expect(response.status).toBe(504);
    }
    expect((await gateway.post("/chat/completions", hello)).status).toBe(200);
  });
});

describe("a config of the caller's", () => {
  it.each([
    "Authorization",
    "x-portkey-api-key",
    "x-api-key",
    "cookie",
    "x-portkey-config",
    "host",
    "expect",
  ])("does not send %s on", async (name) => {
    await using gateway = await startGateway({ config: team });
    const response = await withConfig(gateway, { virtual_key: "team", forward_headers: [name] });
    const error = await errorOf(response);
    expect([response.status, error.param]).toEqual([400, "config.forward_headers[0]"]);
    expect(gateway.simulator.requests).toEqual([]);
  });

  it("with a key and no provider does not fall back to the operator's key", async () => {
    await using gateway = await startGateway({ config: team });
    const response = await withConfig(gateway, { api_key: "sk-mine" });
    expect([response.status, (await errorOf(response)).param]).toEqual([400, "config.api_key"]);
    expect(gateway.simulator.requests).toEqual([]);
  });

  it("with a wrong key of the caller's is the caller's 401", async () => {
    await using gateway = await startGateway({ config: team, simulator: { apiKeys: [providerKey] } });
    const response = await withConfig(gateway, { provider: "moonshot", api_key: "sk-wrong" });
    expect([response.status, (await errorOf(response)).code]).toEqual([401, "invalid_api_key"]);
  });

  it("that makes no request of the request is refused with the place", async () => {
    await using gateway = await startGateway({ config: team });
    const response = await withConfig(gateway, {
      virtual_key: "team",
      override_params: { temperature: "hot" },
    });
    expect([response.status, (await errorOf(response)).param]).toEqual([400, "temperature"]);
    expect(gateway.simulator.requests).toEqual([]);
  });

  it("is held to strict mode like everything else", async () => {
    await using gateway = await startGateway({ config: team });
    const config = { virtual_key: "team", cache: { mode: "simple" } };
    const response = await withConfig(gateway, config, { "x-perilune-strict": "true" });
    expect(response.status).toBe(400);
  });
});

describe("POST /explain", () => {
  it("names the headers of the configuration, not what they say", async () => {
    const entry = { model: "moonshot/kimi-k3", extra_headers: { "X-Proxy-Secret": "canary-of-the-proxy" } };
    const model_list = [{ model_name: "chat", litellm_params: entry }];
    await using gateway = await startGateway({
      config: { model_list, general_settings: { master_key: masterKey } },
    });
    const text = await (
      await gateway.post("/explain", hello, { authorization: `Bearer ${masterKey}` })
    ).text();
    expect(text).toContain("x-proxy-secret");
    expect(text).not.toContain("canary-of-the-proxy");
  });
});

describe("a deployment that is over its limit", () => {
  it("gives way to the next level at once", async () => {
    const limited = { model: "moonshot/kimi-k3", rpm: 1, order: 1 };
    const free = { model: "moonshot/kimi-k2.6", order: 2 };
    const model_list = [
      { model_name: "chat", litellm_params: limited, model_info: { id: "limited" } },
      { model_name: "chat", litellm_params: free, model_info: { id: "free" } },
    ];
    await using gateway = await startGateway({ config: { model_list } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => gateway.post("/chat/completions", hello)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const byLimited = answers.filter(({ headers }) => headers.get("x-litellm-model-id") === "limited");
    expect(byLimited).toHaveLength(1);
  });

  it("with nobody beside it says 429 and how long to wait", async () => {
    const model_list = [{ model_name: "chat", litellm_params: { model: "moonshot/kimi-k3", rpm: 1 } }];
    await using gateway = await startGateway({ config: { model_list } });
    await gateway.post("/chat/completions", hello);
    const response = await gateway.post("/chat/completions", hello);
    expect([response.status, (await errorOf(response)).code]).toEqual([429, "rate_limit_exceeded"]);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(30);
  });
});
