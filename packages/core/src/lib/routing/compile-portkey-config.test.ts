/* oxlint-disable unicorn/no-thenable -- "then" is Portkey's word for where a condition leads. */
import { describe, expect, it } from "vitest";
import { compilePortkeyConfig } from "./compile-portkey-config.ts";
import type { PortkeyConfig } from "./compile-portkey-config.ts";
import { leavesOf } from "./route-leaves.ts";
import type { UnboundLeaf } from "./leaf-settings.ts";
import type { TargetSpec } from "./compile-portkey-config.ts";

const options = { allowCustomHost: (url: string) => new URL(url).hostname === "moon.example" };

function compile(config: unknown): PortkeyConfig {
  const result = compilePortkeyConfig(config, options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function leaf(config: unknown): UnboundLeaf<TargetSpec> {
  return leavesOf<UnboundLeaf<TargetSpec>>(compile(config).tree)[0]!;
}

function problemsOf(config: unknown): string[] {
  const result = compilePortkeyConfig(config, options);
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ path, message, suggestion }) =>
    [`${path}: ${message}`, ...(suggestion === undefined ? [] : [`(${suggestion})`])].join(" "),
  );
}

function strategy(sticky: object) {
  return { strategy: { mode: "loadbalance", sticky }, targets: [{}] };
}

describe("a Portkey config", () => {
  it("is one target when it has no targets of its own", () => {
    expect(compile({ provider: "moonshot", api_key: "sk-1", override_params: { model: "kimi-k3" } })).toEqual(
      {
        tree: {
          kind: "unbound",
          path: "config",
          place: ["config"],
          target: {
            provider: "moonshot",
            apiKey: "sk-1",
            model: "kimi-k3",
            forwardHeaders: [],
            isPassThrough: false,
          },
          settings: { changes: { defaults: {}, overrides: {}, drops: [] } },
        },
        ignored: [],
      },
    );
  });

  it("nests strategies and says where each node was written", () => {
    const { tree } = compile({
      strategy: { mode: "fallback", on_status_codes: [429, 503] },
      targets: [
        {
          strategy: { mode: "loadbalance" },
          targets: [{ virtual_key: "a", weight: 0.9 }, { virtual_key: "b", weight: 0 }, { virtual_key: "c" }],
        },
        { provider: "@backup" },
      ],
    });
    expect(tree).toMatchObject({
      kind: "fallback",
      path: "config",
      on: { kind: "statuses", statuses: [429, 503] },
      children: [
        {
          kind: "loadbalance",
          path: "config.targets[0]",
          strategy: { kind: "weighted" },
          children: [
            { weight: 0.9, node: { path: "config.targets[0].targets[0]", target: { virtualKey: "a" } } },
            { weight: 0 },
            { weight: 1 },
          ],
        },
        { path: "config.targets[1]", target: { provider: "@backup" } },
      ],
    });
  });

  it("inherits: parameters are merged child over parent, the rest is replaced as a whole", () => {
    const config = {
      retry: { attempts: 3, on_status_codes: [500] },
      request_timeout: 1_000,
      override_params: { model: "outer", temperature: 1, thinking: { type: "enabled" } },
      default_params: { top_p: 1 },
      drop_params: ["seed"],
      custom_host: "https://moon.example/v1",
      forward_headers: ["X-One"],
      strategy: { mode: "fallback" },
      targets: [
        { provider: "a" },
        {
          provider: "b",
          retry: { attempts: 1 },
          request_timeout: 2_000,
          override_params: { model: "inner", thinking: { keep: "all" } },
          drop_params: ["tools[*].function.strict"],
          forward_headers: ["X-Two"],
        },
      ],
    };
    const [first, second] = leavesOf<UnboundLeaf<TargetSpec>>(compile(config).tree);
    expect(first).toMatchObject({
      target: { model: "outer", customHost: "https://moon.example/v1", forwardHeaders: ["x-one"] },
      settings: { retry: { retries: 3, onStatuses: [500] }, timeoutMs: 1_000 },
    });
    expect(second?.target).toMatchObject({ model: "inner", forwardHeaders: ["x-two"] });
    expect(second?.settings).toEqual({
      retry: { retries: 1, honourRetryAfter: true },
      timeoutMs: 2_000,
      changes: {
        defaults: { top_p: 1 },
        overrides: { temperature: 1, thinking: { keep: "all" } },
        drops: [
          { text: "seed", path: ["seed"] },
          {
            text: "tools[*].function.strict",
            path: ["tools", { every: true }, "function", "strict"],
          },
        ],
      },
    });
  });

  it.each(["use_retry_after_header", "use_retry_after_headers"])("takes the spelling %s", (key) => {
    expect(leaf({ retry: { attempts: 2, [key]: false } }).settings.retry).toEqual({
      retries: 2,
      honourRetryAfter: false,
    });
  });

  it("reads a circuit breaker from the node and from its strategy", () => {
    const rule = { failure_threshold: 3, cooldown_interval: 60_000, failure_status_codes: [503] };
    const expected = { failureThreshold: 3, minimumRequests: 5, cooldownMs: 60_000, failureStatuses: [503] };
    expect(leaf({ cb_config: rule }).settings.breaker).toEqual(expected);
    const inStrategy = { strategy: { mode: "fallback", cb_config: rule }, targets: [{}] };
    expect(leaf(inStrategy).settings.breaker).toEqual(expected);
    expect(
      leaf({ cb_config: { failure_threshold_percentage: 25, minimum_requests: 10 } }).settings.breaker,
    ).toEqual({
      failureRate: 0.25,
      minimumRequests: 10,
      cooldownMs: 30_000,
    });
  });

  it("reads stickiness in seconds and only where it is switched on", () => {
    const fields = ["metadata.user", "headers.x-team"];
    expect(compile(strategy({ enabled: true, hash_fields: fields, ttl: 60 })).tree).toMatchObject({
      strategy: { kind: "sticky", fields, ttlMs: 60_000 },
    });
    expect(compile(strategy({ enabled: true })).tree).toMatchObject({
      strategy: { kind: "sticky", fields: [], ttlMs: 3_600_000 },
    });
    expect(compile(strategy({ enabled: false, hash_fields: fields })).tree).toMatchObject({
      strategy: { kind: "weighted" },
    });
  });

  it("finds the targets of conditions by name", () => {
    const { tree } = compile({
      strategy: {
        mode: "conditional",
        conditions: [{ query: { "metadata.tier": "paid" }, then: "good" }],
        default: "cheap",
      },
      targets: [
        { name: "cheap", provider: "a" },
        { name: "good", provider: "b" },
      ],
    });
    expect(tree).toMatchObject({
      kind: "conditional",
      branches: [
        { when: { kind: "compare", path: ["metadata", "tier"] }, node: { target: { provider: "b" } } },
      ],
      otherwise: { target: { provider: "a" } },
    });
  });

  it("takes error codes and other ways to balance, beyond Portkey", () => {
    expect(
      compile({
        strategy: { mode: "fallback", on_error_codes: ["context_length_exceeded"] },
        targets: [{ strategy: { mode: "loadbalance", balance: "least-busy" }, targets: [{}, {}] }],
      }).tree,
    ).toMatchObject({
      on: { kind: "codes", codes: ["context_length_exceeded"] },
      children: [{ strategy: { kind: "least_in_flight" } }],
    });
  });

  it("lists what is known and has no effect", () => {
    const { ignored } = compile({
      cache: { mode: "simple" },
      provider: "x",
      targets: [{ input_guardrails: ["g"], azure_api_version: "1" }, { provider: "never used" }],
    });
    expect(ignored.map(({ path }) => path)).toEqual([
      "config.cache",
      "config.provider",
      "config.targets[1]",
      "config.targets[0].input_guardrails",
      "config.targets[0].azure_api_version",
    ]);
    expect(ignored[0]?.reason).toBe("cache has no effect here.");
  });

  const two = [{ name: "a" }, { name: "b" }];
  it.each([
    ["not json", "config: expected a map of settings, got other text"],
    [null, "config: expected a map of settings, got null"],
    [{ tragets: [] }, 'config.tragets: unknown key "tragets" (targets)'],
    [{ targets: [] }, "config.targets: expected at least one target, got an empty list"],
    [{ strategy: { mode: "fallback" } }, "config.strategy: has no targets to choose from"],
    [
      { strategy: { mode: "roundrobin" }, targets: two },
      "config.strategy.mode: expected one of single, fallback, loadbalance, conditional, got other text",
    ],
    [{ targets: ["x"] }, "config.targets[0]: expected a map of settings, got other text"],
    [
      { targets: [{ targets: [{ weight: "1" }] }] },
      "config.targets[0].targets[0].weight: expected a number of at least 0, got other text",
    ],
    [
      { strategy: { mode: "loadbalance" }, targets: [{ weight: -1 }, {}] },
      "config.targets[0].weight: a weight is a number of at least 0, not -1",
    ],
    [
      { strategy: { mode: "loadbalance" }, targets: [{ weight: 0 }, { weight: 0 }] },
      "config.targets: every weight is 0, so nothing here would take traffic",
    ],
    [{ retry: {} }, "config.retry.attempts: missing, expected a whole number from 0 to 5"],
    [{ retry: { attempts: 6 } }, "config.retry.attempts: expected a whole number from 0 to 5, got 6"],
    [
      { retry: { attempts: 1, on_codes: [] } },
      'config.retry.on_codes: unknown key "on_codes", expected one of attempts, on_status_codes, use_retry_after_header, use_retry_after_headers',
    ],
    [
      { retry: { attempts: 1, use_retry_after_header: true, use_retry_after_headers: false } },
      "config.retry.use_retry_after_headers: contradicts use_retry_after_header; keep one of the two spellings",
    ],
    [
      { retry: { attempts: 1, on_status_codes: [42] } },
      "config.retry.on_status_codes[0]: expected a whole number from 100 to 599, got 42",
    ],
    [{ request_timeout: 0 }, "config.request_timeout: expected a whole number of at least 1, got 0"],
    [{ cb_config: {} }, "config.cb_config: needs failure_threshold or failure_threshold_percentage"],
    [
      { cb_config: { failure_threshold: 1, cooldown_interval: 5 } },
      "config.cb_config.cooldown_interval: expected a whole number of at least 30000, got 5",
    ],
    [{ override_params: [] }, "config.override_params: expected a map of parameters, got an empty list"],
    [{ override_params: { model: 3 } }, "config.override_params.model: expected the name of a model"],
    [
      { override_params: { stream: true } },
      "config.override_params.stream: comes with every request and cannot be set by a route",
    ],
    [
      { drop_params: ["a["] },
      'config.drop_params[0]: "a[" is not a parameter or a path such as tools[*].function.strict',
    ],
    [{ drop_params: ["messages"] }, "config.drop_params[0]: no request works without messages"],
    [
      { custom_host: "moon.example" },
      "config.custom_host: expected an address that begins with https:// or http://",
    ],
    [{ custom_host: "https://10.0.0.1/v1" }, "config.custom_host: requests may not be sent to 10.0.0.1"],
    [
      { custom_host: "https://u:p@moon.example" },
      "config.custom_host: an address cannot hold a user name or a password",
    ],
    [
      { forward_headers: ["X-Portkey-Forward-Headers"] },
      'config.forward_headers[0]: "X-Portkey-Forward-Headers" is not forwarded: it holds a key or frames the message',
    ],
    [{ forward_headers: ["a b"] }, 'config.forward_headers[0]: "a b" cannot be the name of a header'],
    [
      { strategy: { mode: "loadbalance", on_status_codes: [429] }, targets: two },
      "config.strategy.on_status_codes: means something only in mode fallback",
    ],
    [
      { strategy: { mode: "fallback", sticky: { enabled: true } }, targets: two },
      "config.strategy.sticky: means something only in mode loadbalance",
    ],
    [
      {
        strategy: { mode: "fallback", on_status_codes: [500], on_error_codes: ["overloaded"] },
        targets: two,
      },
      "config.strategy.on_error_codes: cannot stand beside on_status_codes",
    ],
    [
      { strategy: { mode: "loadbalance", balance: "least-bussy" }, targets: two },
      'config.strategy.balance: no way to balance is called "least-bussy" (least-busy)',
    ],
    [
      {
        strategy: { mode: "loadbalance", sticky: { enabled: true, hash_fields: ["meta.user"] } },
        targets: two,
      },
      'config.strategy.sticky.hash_fields[0]: "meta.user" is not metadata.*, params.*, headers.* or url.pathname (metadata.user)',
    ],
    [
      { strategy: { mode: "conditional" }, targets: two },
      "config.strategy.conditions: missing, expected at least one condition",
    ],
    [
      {
        strategy: { mode: "conditional", conditions: [{ query: { "metadata.x": 1 }, then: "aa" }] },
        targets: two,
      },
      'config.strategy.conditions[0].then: no target is named "aa"',
    ],
    [
      {
        strategy: {
          mode: "conditional",
          conditions: [{ query: { "metadata.x": { $exist: true } }, then: "a" }],
        },
        targets: two,
      },
      'config.strategy.conditions[0].query.metadata.x.$exist: unknown operator "$exist", expected one of $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $regex, $exists ($exists)',
    ],
    [
      {
        strategy: { mode: "conditional", conditions: [{ query: { "metadata.x": 1 }, then: "a" }] },
        targets: [{ name: "a" }, { name: "a" }],
      },
      'config.targets[1].name: "a" is already the name of another target',
    ],
  ])("%j is refused: %s", (config, problem) => {
    expect(problemsOf(config)).toEqual([problem]);
  });

  it("reports every mistake at once, and none of their values", () => {
    const problems = problemsOf({
      api_kee: "sk-secret",
      strategy: { mode: "fallback" },
      targets: [{ api_key: ["sk-secret"] }, { retry: { attempts: 9 }, weight: "sk-secret" }],
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain("sk-secret");
  });

  it("sends nowhere when nobody says which hosts are allowed", () => {
    expect(compilePortkeyConfig({ custom_host: "https://moon.example" }).ok).toBe(false);
  });

  it("nests a thousand levels deep, more than fit into a header", () => {
    let config: object = { provider: "a" };
    for (let level = 0; level < 1_000; level++) config = { targets: [config] };
    expect(leaf(config).target.provider).toBe("a");
  });

  it("can stand deep in a file", () => {
    const result = compilePortkeyConfig({ weight: "x" }, { place: ["configs", "mine"] });
    expect(result).toMatchObject({
      problems: [{ path: "configs.mine.weight", place: ["configs", "mine", "weight"] }],
    });
  });
});
