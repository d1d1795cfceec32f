import { moonshotAdapter } from "@perilune/provider-moonshot";
import { describe, expect, it } from "vitest";
import { loadConfigObject } from "../config/load-config.ts";
import { installedAdapters, knowledgeOf } from "../providers.ts";
import { baseUrls } from "./base-urls.ts";
import { callersKeyCandidates, providerCandidates } from "./caller-candidates.ts";
import { configuredRoutes } from "./configured-routes.ts";

const environment = { MOONSHOT_API_KEY: "sk-x" };

function routesOf(...models: [name: string, parameters: object][]) {
  const model_list = models.map(([model_name, litellm_params]) => ({ model_name, litellm_params }));
  const result = loadConfigObject({ model_list }, "test", {
    environment,
    providers: installedAdapters.map(knowledgeOf),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return configuredRoutes(result.config, [moonshotAdapter], baseUrls(environment));
}

describe("the routes of a configuration", () => {
  it("give every deployment of a name", () => {
    const routes = routesOf(
      ["chat", { model: "moonshot/kimi-k3", weight: 2 }],
      ["chat", { model: "moonshot/kimi-k2.6", api_base: "https://example.com/v1" }],
    );
    expect(routes.candidates("chat")).toMatchObject([
      {
        modelId: "kimi-k3",
        weight: 2,
        credentialOwner: "operator",
        provider: { baseUrl: "https://api.moonshot.ai/v1" },
      },
      { modelId: "kimi-k2.6", weight: 1, provider: { baseUrl: "https://example.com/v1" } },
    ]);
  });

  it("fill the star of the model with what it stood for in the name", () => {
    const routes = routesOf(["moonshot/*", { model: "moonshot/*" }]);
    expect(routes.candidates("moonshot/kimi-of-tomorrow")).toMatchObject([{ modelId: "kimi-of-tomorrow" }]);
    expect(routes.candidates("other/kimi")).toEqual([]);
  });

  it("turn seconds of the file into the engine's timeouts", () => {
    const routes = routesOf([
      "chat",
      { model: "moonshot/kimi-k3", timeout: 60, stream_timeout: 5, stream_idle_timeout: 2 },
    ]);
    expect(routes.candidates("chat")[0]?.timeouts).toEqual({
      attemptMs: 60_000,
      firstTokenMs: 5_000,
      idleMs: 2_000,
    });
  });

  it("list a name once, and a pattern as the live models it leads to", () => {
    const routes = routesOf(
      ["chat", { model: "moonshot/kimi-k3" }],
      ["chat", { model: "moonshot/kimi-k3", weight: 3 }],
      ["kimi-*", { model: "moonshot/kimi-*" }],
    );
    const names = routes.names();
    expect(names.filter((name) => name === "chat")).toHaveLength(1);
    const live = moonshotAdapter.models.filter(
      ({ id, lifecycle }) => id.startsWith("kimi-") && lifecycle.state === "live",
    );
    expect(names.slice(1)).toEqual(live.map(({ id }) => id));
  });
});

describe("a caller's own key", () => {
  it("reaches any model of its provider, with or without the prefix", () => {
    const provider = { adapter: moonshotAdapter, apiKey: "sk-o", baseUrl: "https://x/v1", settings: {} };
    const caller = { kind: "provider", provider, owner: "caller", label: "moonshot" } as const;
    for (const model of ["kimi-k3", "moonshot/kimi-k3"])
      expect(callersKeyCandidates(caller, model)).toMatchObject([
        { modelId: "kimi-k3", credentialOwner: "caller" },
      ]);
  });
});

describe("a caller who names a provider and brings no key", () => {
  const routes = routesOf(["moonshot/*", { model: "moonshot/*" }]);

  it("gets the configured deployments of that provider", () => {
    expect(providerCandidates("moonshot", "kimi-k3", routes)).toMatchObject([{ modelId: "kimi-k3" }]);
  });

  it("is told when there is none", () => {
    expect(() => providerCandidates("other", "kimi-k3", routes)).toThrow(
      "no provider key came with the request",
    );
  });
});
