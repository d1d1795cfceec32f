import { describe, expect, it } from "vitest";
import { emptyConfig } from "./gateway-config.ts";
import { loadConfigObject } from "./load-config.ts";
import { redactConfig } from "./redact-config.ts";
import { installedProviders } from "../../test/broken-configs/installed-providers.ts";

const secret = "5ecre7-canary";

describe("the printable view of a configuration", () => {
  it("shows everything but secrets", () => {
    const params = {
      model: "moonshot/kimi-k3",
      api_key: secret,
      timeout: 3,
      temperature: 1,
      prompt_cache_key: "session",
      extra_headers: { "x-key": secret },
      extra_body: { tools: [{ authorization: secret }] },
      provider_settings: { region: "china" },
    };
    const result = loadConfigObject(
      {
        model_list: [{ model_name: "kimi", litellm_params: params }],
        virtual_keys: { team: { provider: "openai", api_key: secret } },
        general_settings: { master_key: secret },
        environment_variables: { NAME: secret },
      },
      "test",
      { environment: {}, providers: installedProviders },
    );
    const view = redactConfig(result.ok ? result.config : emptyConfig());
    expect(JSON.stringify(view)).not.toContain(secret);
    expect(view).toMatchObject({
      masterKey: "[set]",
      environmentVariables: { NAME: "[set]" },
      deployments: [
        {
          modelName: "kimi",
          apiKey: "[set]",
          timeoutMs: 3000,
          extraHeaders: { "x-key": "[set]" },
          defaults: { temperature: 1, prompt_cache_key: "session", tools: [{ authorization: "[set]" }] },
          settings: "[set]",
        },
      ],
      virtualKeys: [{ slug: "team", providerId: "openai", apiKey: "[set]" }],
    });
  });

  it("says when there is no master key", () => {
    expect(redactConfig(emptyConfig())).toMatchObject({ masterKey: "[not set]" });
  });
});
