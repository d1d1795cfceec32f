import { describe, expect, it } from "vitest";
import { formatProblem } from "./format-problem.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { configFromEnvironment, type ConfigResult, loadConfig, loadConfigObject } from "./load-config.ts";
import { installedProviders } from "../../test/broken-configs/installed-providers.ts";

const key = "sk-moonshot-key-of-the-tests";
const environment = { MOONSHOT_API_KEY: key };

function load(files: Record<string, string>, variables: Record<string, string> = environment): ConfigResult {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error("missing"), { code: "ENOENT" });
    return text;
  };
  return loadConfig({ path: "config.yaml", readFile, environment: variables, providers: installedProviders });
}

function configOf(result: ConfigResult): GatewayConfig {
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.config;
}

const warningLines = (result: ConfigResult) => result.warnings.map(formatProblem);
const problemLines = (result: ConfigResult) => (result.ok ? [] : result.problems.map(formatProblem));

const oneModel = (params: string) =>
  `model_list: [{ model_name: kimi, litellm_params: { model: moonshot/kimi-k3, ${params} } }]`;

const firstDeployment = (params: string, variables?: Record<string, string>) =>
  configOf(load({ "config.yaml": oneModel(params) }, variables)).deployments[0];

// LiteLLM's page on Moonshot, section "Usage - LiteLLM Proxy".
const documented = `model_list:
  - model_name: moonshot-v1-8k
    litellm_params:
      model: moonshot/moonshot-v1-8k
      api_key: os.environ/MOONSHOT_API_KEY

  - model_name: moonshot-v1-32k
    litellm_params:
      model: moonshot/moonshot-v1-32k
      api_key: os.environ/MOONSHOT_API_KEY

  - model_name: moonshot-v1-128k
    litellm_params:
      model: moonshot/moonshot-v1-128k
      api_key: os.environ/MOONSHOT_API_KEY
`;

describe("the documented LiteLLM configuration", () => {
  it("loads unchanged and without a warning", () => {
    const result = load({ "config.yaml": documented });
    expect(warningLines(result)).toEqual([]);
    expect(configOf(result).deployments).toMatchObject([
      {
        modelName: "moonshot-v1-8k",
        providerId: "moonshot",
        model: "moonshot-v1-8k",
        apiKey: key,
      },
      { modelName: "moonshot-v1-32k", providerId: "moonshot", model: "moonshot-v1-32k", apiKey: key },
      { modelName: "moonshot-v1-128k", providerId: "moonshot", model: "moonshot-v1-128k", apiKey: key },
    ]);
  });

  it("loads the same with Windows line ends and a byte order mark", () => {
    const windows = `\uFEFF${documented.replaceAll("\n", "\r\n")}`;
    expect(load({ "config.yaml": windows })).toEqual(load({ "config.yaml": documented }));
  });
});

describe("a deployment", () => {
  it("has our own names and milliseconds", () => {
    const deployment = firstDeployment(
      "timeout: 30, stream_timeout: 2.5, stream_idle_timeout: 20, rpm: 10, tpm: 20, order: 2, weight: 3, " +
        "num_retries: 1, cooldown_time: 5, max_parallel_requests: 4, tags: [a], drop_params: true, " +
        "additional_drop_params: [logprobs], extra_headers: { X-Team: blue }, allowed_fails_policy: { RateLimitErrorAllowedFails: 3 }",
    );
    expect(deployment).toMatchObject({
      timeoutMs: 30_000,
      firstTokenTimeoutMs: 2500,
      streamIdleTimeoutMs: 20_000,
      requestsPerMinute: 10,
      tokensPerMinute: 20,
      order: 2,
      weight: 3,
      retries: 1,
      cooldownMs: 5000,
      maxParallelRequests: 4,
      tags: ["a"],
      dropParams: true,
      additionalDropParams: ["logprobs"],
      extraHeaders: { "x-team": "blue" },
      allowedFailsByError: { RateLimit: 3 },
    });
  });

  it("keeps completion parameters and extra_body as defaults for requests, and nothing else", () => {
    const deployment = firstDeployment(
      "temperature: 0.3, stop: [END], thinking: { type: disabled }, extra_body: { top_k: 4 }, timeout: 3",
    );
    expect(deployment?.defaults).toEqual({
      temperature: 0.3,
      stop: ["END"],
      thinking: { type: "disabled" },
      top_k: 4,
    });
  });

  it("leaves out what is not configured, instead of holding undefined", () => {
    expect(Object.values(firstDeployment("") ?? {})).not.toContain(undefined);
  });

  it("takes key and address from the provider's variables when it has none", () => {
    const variables = { MOONSHOT_API_KEY: key, MOONSHOT_API_BASE: "https://api.moonshot.cn/v1/" };
    expect(firstDeployment("", variables)).toMatchObject({
      apiKey: key,
      baseUrl: "https://api.moonshot.cn/v1",
    });
    const own = firstDeployment("api_key: own-key, api_base: http://127.0.0.1:9000/v1", variables);
    expect(own).toMatchObject({ apiKey: "own-key", baseUrl: "http://127.0.0.1:9000/v1" });
  });

  it("is refused when the provider's address variable is not an address, without printing it", () => {
    const variables = { MOONSHOT_API_KEY: key, MOONSHOT_API_BASE: "https://me:secret@host/v1" };
    expect(problemLines(load({ "config.yaml": oneModel("") }, variables))).toEqual([
      "config.yaml:1:34 model_list[0].litellm_params.api_base: not set here, and the environment variable " +
        "MOONSHOT_API_BASE is not an http or https URL without a user name or password",
    ]);
  });

  it("takes timeouts and drop_params from the wider settings, the nearer one first", () => {
    const settings =
      "\nrouter_settings: { timeout: 20, stream_timeout: 4 }\nlitellm_settings: { request_timeout: 60, drop_params: true }";
    const wide = configOf(load({ "config.yaml": oneModel("") + settings })).deployments[0];
    expect(wide).toMatchObject({ timeoutMs: 20_000, firstTokenTimeoutMs: 4000, dropParams: true });
    const near = configOf(load({ "config.yaml": oneModel("timeout: 7, drop_params: false") + settings }));
    expect(near.deployments[0]).toMatchObject({ timeoutMs: 7000, dropParams: false });
  });

  it("may name its provider apart from the model", () => {
    const yaml =
      "model_list: [{ model_name: a, litellm_params: { model: kimi-k3, custom_llm_provider: moonshot } }]";
    expect(configOf(load({ "config.yaml": yaml })).deployments[0]).toMatchObject({
      providerId: "moonshot",
      model: "kimi-k3",
    });
  });

  it("has the settings that the provider's own schema accepts", () => {
    expect(firstDeployment("provider_settings: { region: china }")?.settings).toEqual({ region: "china" });
  });
});

const ids = (yaml: string) => configOf(load({ "config.yaml": yaml })).deployments.map(({ id }) => id);

describe("the id of a deployment", () => {
  it("is model_info.id when there is one", () => {
    expect(ids(oneModel("").replace("} }]", "}, model_info: { id: mine } }]"))).toEqual(["mine"]);
  });

  it("is 64 hex digits that do not depend on the order of keys", () => {
    const [first] = ids(oneModel("timeout: 3, extra_body: { a: 1, b: [2] }"));
    expect(first).toMatch(/^[0-9a-f]{64}$/u);
    expect(ids(oneModel("extra_body: { b: [2], a: 1 }, timeout: 3"))).toEqual([first]);
    expect(ids(oneModel("timeout: 3, extra_body: { a: 1, b: [3] }"))).not.toEqual([first]);
  });

  it("differs between entries that are equal in everything", () => {
    const item = "{ model_name: kimi, litellm_params: { model: moonshot/kimi-k3 } }";
    const both = ids(`model_list: [${item}, ${item}]`);
    expect(new Set(both).size).toBe(2);
    expect(both).toEqual(ids(`model_list: [${item}, ${item}]`));
  });
});

describe("os.environ/NAME", () => {
  it("is resolved inside lists and read as a number or a switch where one belongs", () => {
    const variables = { MOONSHOT_API_KEY: key, SECONDS: "45", DROP: "true", STOP: "END" };
    const deployment = firstDeployment(
      "timeout: os.environ/SECONDS, drop_params: os.environ/DROP, stop: [os.environ/STOP]",
      variables,
    );
    expect(deployment).toMatchObject({ timeoutMs: 45_000, dropParams: true, defaults: { stop: ["END"] } });
  });

  it("keeps digits as text where text belongs", () => {
    expect(firstDeployment("api_key: os.environ/DIGITS", { DIGITS: "0123" })?.apiKey).toBe("0123");
  });

  it("does not find what every JavaScript object has", () => {
    expect(problemLines(load({ "config.yaml": oneModel("api_key: os.environ/constructor") }))).toEqual([
      "config.yaml:1:86 model_list[0].litellm_params.api_key: the environment variable constructor is not set",
    ]);
  });

  it("never shows the value that did not fit", () => {
    const result = load({ "config.yaml": oneModel("timeout: os.environ/MOONSHOT_API_KEY") });
    expect(problemLines(result)).toEqual([
      "config.yaml:1:86 model_list[0].litellm_params.timeout: expected a number of seconds, " +
        "got text from the environment variable MOONSHOT_API_KEY",
    ]);
  });

  it("sees environment_variables, which come first and may refer to each other and outward", () => {
    const variables = { OUTER: key };
    const yaml = `${oneModel("api_key: os.environ/INNER")}
environment_variables: { MIDDLE: os.environ/OUTER, INNER: os.environ/MIDDLE, PORT: 4000 }
server: { port: os.environ/PORT }`;
    const config = configOf(load({ "config.yaml": yaml }, variables));
    expect(config.deployments[0]?.apiKey).toBe(key);
    expect(config.server.port).toBe(4000);
    expect(config.environmentVariables).toEqual({ MIDDLE: key, INNER: key, PORT: "4000" });
    expect(variables).toEqual({ OUTER: key });
    expect(process.env["INNER"]).toBeUndefined();
  });
});

const modelNamed = (name: string) =>
  `model_list: [{ model_name: ${name}, litellm_params: { model: moonshot/kimi-k3 } }]`;

describe("include", () => {
  it("appends lists, relative to the including file and through several files", () => {
    const result = load({
      "config.yaml": `include: [parts/a.yaml, parts/b.yaml]\n${modelNamed("main")}`,
      "parts/a.yaml": `include: [deeper/c.yaml]\n${modelNamed("a")}`,
      "parts/deeper/c.yaml": modelNamed("c"),
      "parts/b.yaml": modelNamed("b"),
    });
    expect(configOf(result).deployments.map(({ modelName }) => modelName)).toEqual(["main", "a", "c", "b"]);
    expect(warningLines(result)).toEqual([]);
  });

  it("overwrites other keys and says which", () => {
    const result = load({
      "config.yaml": `include: [more.yaml]\n${modelNamed("main")}\nserver: { port: 1, host: localhost }`,
      "more.yaml": "server: { port: 2 }",
    });
    expect(configOf(result).server).toMatchObject({ port: 2 });
    expect(configOf(result).server.host).toBeUndefined();
    expect(warningLines(result)).toEqual([
      "more.yaml:1:1 server: replaces the whole of server at config.yaml:3:1, because it is included there",
    ]);
  });

  it("may bring in one file twice, on two ways", () => {
    const result = load({
      "config.yaml": "include: [a.yaml, b.yaml]",
      "a.yaml": "include: [c.yaml]",
      "b.yaml": "include: [c.yaml]",
      "c.yaml": modelNamed("c"),
    });
    expect(configOf(result).deployments).toHaveLength(2);
  });
});

describe("warnings", () => {
  it("name keys of LiteLLM that do nothing, and keys that do nothing yet, at their places", () => {
    const yaml = `litellm_settings:
  cache: true
  num_retries: 2
model_list:
  - model_name: kimi
    rpm: 3
    litellm_params:
      model: moonshot/kimi-k3
      region_name: eu
      tags: [a]
    model_info:
      base_model: kimi
      mode: chat
router_settings:
  routing_strategy: simple-shuffle
guardrails: []
`;
    expect(warningLines(load({ "config.yaml": yaml }))).toEqual([
      "config.yaml:2:3 litellm_settings.cache: known to LiteLLM, has no effect here",
      "config.yaml:6:5 model_list[0].rpm: belongs under litellm_params. Did you mean litellm_params.rpm?",
      "config.yaml:9:7 model_list[0].litellm_params.region_name: known to LiteLLM, has no effect here",
      "config.yaml:10:7 model_list[0].litellm_params.tags: understood, but has no effect in this version",
      "config.yaml:12:7 model_list[0].model_info.base_model: known to LiteLLM, has no effect here",
      "config.yaml:16:1 guardrails: known to LiteLLM, has no effect here",
    ]);
  });

  it.each([
    ["litellm_params", "drop_params: false", 1],
    ["litellm_params", "drop_params: true", 0],
  ])("say of %s that %s does nothing only where it is so", (_, params, count) => {
    const lines = warningLines(load({ "config.yaml": oneModel(params) }));
    expect(lines.filter((line) => line.includes("drop_params: understood, but has no effect"))).toHaveLength(
      count,
    );
  });

  it("tell of a model that is retired, of one taken for a family, and of one nobody lists", () => {
    const yaml = `model_list:
  - { model_name: a, litellm_params: { model: moonshot/moonshot-v1-8 } }
  - { model_name: b, litellm_params: { model: moonshot/kimi-k9.6 } }
  - { model_name: c/*, litellm_params: { model: moonshot/* } }
  - { model_name: d, litellm_params: { model: moonshot/kimi-k2.5 } }
`;
    const result = load({ "config.yaml": yaml });
    expect(warningLines(result)).toEqual([
      'config.yaml:2:47 model_list[0].litellm_params.model: moonshot lists no model "moonshot-v1-8"; requests will ask ' +
        "for it all the same. Did you mean moonshot/moonshot-v1-8k or moonshot/moonshot-v1-32k or moonshot/moonshot-v1-128k?",
      'config.yaml:3:47 model_list[1].litellm_params.model: "kimi-k9.6" is not a model this version knows, taken ' +
        "for one of the family kimi-k9. Did you mean moonshot/kimi-k2.6 or moonshot/kimi-k3?",
      'config.yaml:5:47 model_list[3].litellm_params.model: "kimi-k2.5" was retired on 2026-08-31; kimi-k2.6 replaces it',
    ]);
    expect(configOf(result).deployments).toHaveLength(4);
  });

  it.each(["sk-1234", "short", "sk-1234567890abcdef"])(
    "call the master key %s weak, without its text",
    (weak) => {
      const result = load({ "config.yaml": `${oneModel("")}\ngeneral_settings: { master_key: ${weak} }` });
      expect(warningLines(result)).toEqual([
        "config.yaml:2:33 general_settings.master_key: this key is well known or shorter than 16 characters; " +
          "choose a long random one",
      ]);
      expect(configOf(result).masterKey).toBe(weak);
    },
  );

  it("say that nothing can be served but requests with their own key", () => {
    const result = load({ "config.yaml": "litellm_settings:\nmodel_list: []" });
    expect(warningLines(result)).toEqual([
      "config.yaml:1:1 no model_list and no virtual_keys: only requests that bring a provider key can be served",
    ]);
    expect(result.ok).toBe(true);
  });
});

describe("the other sections", () => {
  it("hold the master key, or leave it to the environment", () => {
    const long = "a-long-and-random-master-key";
    const inFile = load({ "config.yaml": `${oneModel("")}\ngeneral_settings: { master_key: ${long} }` });
    expect(configOf(inFile).masterKey).toBe(long);
    const outside = load(
      { "config.yaml": oneModel("") },
      { MOONSHOT_API_KEY: key, LITELLM_MASTER_KEY: long },
    );
    expect(configOf(outside).masterKey).toBe(long);
    expect(configOf(load({ "config.yaml": oneModel("") })).masterKey).toBeUndefined();
  });

  it("take a weak master key without a warning when that is said to be meant", () => {
    const settings =
      "general_settings: { master_key: sk-1234, dangerously_permit_weak_or_unset_master_key: true }";
    const result = load({ "config.yaml": `${oneModel("")}\n${settings}` });
    expect(warningLines(result)).toEqual([]);
    expect(configOf(result).permitWeakMasterKey).toBe(true);
  });

  it("hold virtual keys by slug", () => {
    const yaml = "virtual_keys: { team-a: { provider: moonshot, api_key: os.environ/MOONSHOT_API_KEY } }";
    expect(configOf(load({ "config.yaml": yaml })).virtualKeys).toEqual([
      { slug: "team-a", providerId: "moonshot", apiKey: key, settings: {} },
    ]);
  });

  it("describe the server, in LiteLLM's place too", () => {
    const own = "server: { host: 0.0.0.0, port: 4000, max_request_size_mb: 2, shutdown_grace_seconds: 5 }";
    expect(configOf(load({ "config.yaml": own })).server).toEqual({
      host: "0.0.0.0",
      port: 4000,
      maxRequestBytes: 2 * 1024 * 1024,
      shutdownGraceMs: 5000,
    });
    const litellm = "general_settings: { max_request_size_mb: 3 }";
    expect(configOf(load({ "config.yaml": litellm })).server.maxRequestBytes).toBe(3 * 1024 * 1024);
    expect(problemLines(load({ "config.yaml": `${own}\n${litellm}` }))).toEqual([
      "config.yaml:2:42 general_settings.max_request_size_mb: differs from server.max_request_size_mb, " +
        "which means the same; keep one of them",
    ]);
  });

  it("describe routing, router_settings before litellm_settings", () => {
    const yaml = `${oneModel("")}
litellm_settings: { num_retries: 1, allowed_fails: 4, default_fallbacks: [kimi] }
router_settings:
  num_retries: 2
  retry_policy: { RateLimitErrorRetries: 3 }
  fallbacks: [{ "*": [fast] }]
  model_group_alias: { fast: kimi, quiet: { model: kimi, hidden: true } }
`;
    expect(configOf(load({ "config.yaml": yaml })).routing).toMatchObject({
      strategy: "simple-shuffle",
      retries: 2,
      allowedFails: 4,
      retriesByError: { RateLimit: 3 },
      defaultFallbacks: { place: ["litellm_settings", "default_fallbacks"], targets: ["kimi"] },
      fallbacks: [{ place: ["router_settings", "fallbacks", 0, "*"], modelName: "*", targets: ["fast"] }],
      aliases: [
        { alias: "fast", modelName: "kimi", hidden: false },
        { alias: "quiet", modelName: "kimi", hidden: true },
      ],
    });
  });

  it("share text through anchors and merge keys", () => {
    const yaml = `model_list:
  - model_name: a
    litellm_params: &kimi { model: moonshot/kimi-k3, timeout: 3 }
  - model_name: b
    litellm_params: { <<: *kimi, timeout: 4 }
`;
    expect(configOf(load({ "config.yaml": yaml })).deployments).toMatchObject([
      { model: "kimi-k3", timeoutMs: 3000 },
      { model: "kimi-k3", timeoutMs: 4000 },
    ]);
  });
});

describe("a configuration without a file", () => {
  it("serves every provider whose key is set, by prefix and by plain names", () => {
    const variables = {
      MOONSHOT_API_KEY: key,
      MOONSHOT_API_BASE: "http://127.0.0.1:9000/v1",
      OPENAI_API_KEY: "",
    };
    const config = configOf(configFromEnvironment({ environment: variables, providers: installedProviders }));
    expect(config.deployments).toMatchObject([
      { modelName: "moonshot/*", model: "*", apiKey: key, baseUrl: "http://127.0.0.1:9000/v1" },
      { modelName: "kimi-*", model: "kimi-*", providerId: "moonshot" },
      { modelName: "moonshot-v1-*", model: "moonshot-v1-*", providerId: "moonshot" },
    ]);
  });

  it("is empty, with a warning, when no key is set", () => {
    const result = configFromEnvironment({ environment: {}, providers: installedProviders });
    expect(configOf(result).deployments).toEqual([]);
    expect(result.warnings).toHaveLength(1);
  });

  it("can be an object, checked like a file", () => {
    const good = { model_list: [{ model_name: "a", litellm_params: { model: "moonshot/kimi-k3" } }] };
    const surroundings = { environment, providers: installedProviders };
    expect(configOf(loadConfigObject(good, "demo", surroundings)).deployments).toHaveLength(1);
    expect(problemLines(loadConfigObject({ modle_list: [] }, "demo", surroundings))).toEqual([
      "demo:1:1 modle_list: unknown key modle_list. Did you mean model_list?",
    ]);
  });
});
