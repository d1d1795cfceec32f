import { contractVersion } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import pluginAdapter, { moonshot, moonshotAdapter } from "../index.ts";

describe("moonshot()", () => {
  it.each([
    [undefined, "https://api.moonshot.ai/v1"],
    ["", "https://api.moonshot.ai/v1"],
    ["ai", "https://api.moonshot.ai/v1"],
    ["cn", "https://api.moonshot.cn/v1"],
    ["http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"],
  ])("base %j is %s", (baseUrl, resolved) => {
    expect(moonshot({ apiKey: "sk-1", baseUrl })).toEqual({
      adapter: moonshotAdapter,
      apiKey: "sk-1",
      baseUrl: resolved,
      settings: {},
    });
  });

  it.each(["us", "toString", "ftp://example.com", "api.moonshot.ai/v1"])("refuses base %j", (baseUrl) => {
    expect(() => moonshot({ baseUrl })).toThrow(
      new TypeError(`moonshot: baseUrl must be one of ai, cn or an http(s) URL, got "${baseUrl}"`),
    );
  });

  it.each([{}, { apiKey: undefined }, { apiKey: "" }])(
    "takes %j for a key that is still missing",
    (settings) => {
      expect(moonshot(settings).apiKey).toBeUndefined();
    },
  );
});

describe("the adapter", () => {
  it("is the default export, for loading by package name", () => {
    expect(pluginAdapter).toBe(moonshotAdapter);
  });

  it("says how to reach Moonshot", () => {
    expect(moonshotAdapter).toMatchObject({
      id: "moonshot",
      contractVersion,
      connection: {
        defaultBaseUrl: "https://api.moonshot.ai/v1",
        namedBaseUrls: { ai: "https://api.moonshot.ai/v1", cn: "https://api.moonshot.cn/v1" },
        apiKeyVariable: "MOONSHOT_API_KEY",
        baseUrlVariable: "MOONSHOT_API_BASE",
        authentication: { header: "authorization", prefix: "Bearer " },
      },
    });
  });

  it("takes no settings, and no typo for one", () => {
    expect(moonshotAdapter.settings.safeParse({}).success).toBe(true);
    expect(moonshotAdapter.settings.safeParse({ regoin: "cn" }).success).toBe(false);
  });

  it("serves the endpoints beside chat", () => {
    const served = moonshotAdapter.passThrough?.map(
      ({ method, path, target }) => `${method} ${path} (${target})`,
    );
    expect(served).toEqual([
      "POST /tokenizers/estimate-token-count (model_in_body)",
      "GET /users/me/balance (provider)",
      "POST /files (provider)",
      "GET /files (provider)",
      "GET /files/{id} (provider)",
      "GET /files/{id}/content (provider)",
      "DELETE /files/{id} (provider)",
    ]);
  });

  it("asks for usage at the end of a stream", () => {
    const { body } = moonshotAdapter.chat.encodeRequest(
      { model: "m", messages: [{ role: "user", content: "hi" }], stream: true },
      { modelId: "kimi-k3", profile: moonshotAdapter.profileOf("kimi-k3"), settings: {} },
    );
    expect(body["stream_options"]).toEqual({ include_usage: true });
  });
});
