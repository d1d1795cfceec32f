import { describe, expect, it } from "vitest";
import { fakeDeployment } from "../../../test/fake-deployment.ts";
import { compileLitellmRouting } from "./compile-litellm-routing.ts";
import type { LitellmRoutes } from "./compile-litellm-routing.ts";
import type { LitellmDeployment, LitellmFallbackRule, LitellmRoutingInput } from "./litellm-routing-input.ts";
import type { RouteNode } from "./route-plan.ts";

type Entry = Partial<LitellmDeployment> & { readonly window?: number };

/** `"a:m"` is the deployment `a` of the model `m`. */
function entry(name: string, index: number, { window, ...more }: Entry = {}): LitellmDeployment {
  const [id = "", modelName = id] = name.split(":");
  return { place: ["model_list", index], modelName, deployment: fakeDeployment(id, window), ...more };
}

function entries(entries: Readonly<Record<string, Entry>>): LitellmDeployment[] {
  return Object.entries(entries).map(([name, more], index) => entry(name, index, more));
}

function rules(kind: string, written: Readonly<Record<string, readonly string[]>>): LitellmFallbackRule[] {
  return Object.entries(written).map(([modelName, targets], index) => ({
    place: ["router_settings", kind, index, modelName],
    modelName,
    targets,
  }));
}

function input(
  deployments: LitellmDeployment[],
  more: Partial<LitellmRoutingInput> = {},
): LitellmRoutingInput {
  return {
    deployments,
    strategy: "simple-shuffle",
    aliases: [],
    fallbacks: [],
    contextWindowFallbacks: [],
    contentPolicyFallbacks: [],
    retriesByModelAndError: {},
    disableCooldowns: false,
    ...more,
  };
}

function compile(deployments: LitellmDeployment[], more: Partial<LitellmRoutingInput> = {}): LitellmRoutes {
  const result = compileLitellmRouting(input(deployments, more));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function problemsOf(deployments: LitellmDeployment[], more: Partial<LitellmRoutingInput> = {}): string[] {
  const result = compileLitellmRouting(input(deployments, more));
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ path, message, suggestion }) =>
    [`${path}: ${message}`, ...(suggestion === undefined ? [] : [`(${suggestion})`])].join(" "),
  );
}

/** `(a 1*b|2*c)`: a fallback from a to a balanced pair; a letter before the bracket says on what. */
function sketch(node: RouteNode | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind === "single") return node.deployment.id;
  if (node.kind === "loadbalance") {
    return `[${node.children.map(({ node: child, weight }) => `${weight}*${sketch(child)}`).join("|")}]`;
  }
  if (node.kind === "conditional") return "conditional";
  const on = node.on.kind === "codes" ? node.on.codes.join() : "";
  return `${on}(${node.children.map(sketch).join(" ")})`;
}

describe("the deployments of one name", () => {
  it("are balanced by weight, 1 where it is left out", () => {
    const { routeOf } = compile(entries({ "a:m": { weight: 3 }, "b:m": {}, c: {} }));
    expect(sketch(routeOf("m"))).toBe("[3*a|1*b]");
    expect(sketch(routeOf("c"))).toBe("c");
    expect(routeOf("d")).toBeUndefined();
  });

  it.each([
    [{ requestsPerMinute: 10 }, { requestsPerMinute: 30, tokensPerMinute: 5 }, "[10*a|30*b]"],
    [{ tokensPerMinute: 100 }, { tokensPerMinute: 300 }, "[100*a|300*b]"],
    [{ requestsPerMinute: 10 }, {}, "[1*a|1*b]"],
    [{ requestsPerMinute: 10, weight: 2 }, { requestsPerMinute: 30 }, "[2*a|1*b]"],
    [{ requestsPerMinute: 10 }, { tokensPerMinute: 3 }, "[1*a|1*b]"],
  ])("%j and %j are balanced as %s", (a, b, expected) => {
    expect(sketch(compile(entries({ "a:m": a, "b:m": b })).routeOf("m"))).toBe(expected);
  });

  it("are asked level after level of order, those without one last", () => {
    const { routeOf } = compile(
      entries({ "a:m": {}, "b:m": { order: 2 }, "c:m": { order: 1 }, "d:m": { order: 1 } }),
    );
    expect(sketch(routeOf("m"))).toBe("([1*c|1*d] b a)");
  });

  it.each([
    ["simple-shuffle", "weighted"],
    ["least-busy", "least_in_flight"],
    ["latency-based-routing", "peak_latency"],
    ["usage-based-routing", "usage_headroom"],
    ["usage-based-routing-v2", "usage_headroom"],
    ["cost-based-routing", "cheapest"],
  ])("are chosen by %s as %s", (strategy, kind) => {
    const { routeOf } = compile(entries({ "a:m": {}, "b:m": {} }), { strategy });
    expect(routeOf("m")).toMatchObject({ path: "model_list[model_name=m]", strategy: { kind } });
  });

  it("say where they are written", () => {
    expect(compile(entries({ a: {}, b: {} })).routeOf("b")).toMatchObject({ path: "model_list[1]" });
  });
});

describe("names", () => {
  const aliases = [
    {
      alias: "shown",
      modelName: "m",
      hidden: false,
      place: ["router_settings", "model_group_alias", "shown"],
    },
    { alias: "secret", modelName: "shown", hidden: true, place: [] },
  ];

  it("may be aliases, of which the hidden ones are served and not listed", () => {
    const { names, routeOf } = compile(entries({ "a:m": {} }), { aliases });
    expect(names).toEqual(["m", "shown"]);
    expect(sketch(routeOf("secret"))).toBe("a");
  });

  it("may be the ids of deployments", () => {
    expect(sketch(compile(entries({ "a:m": {}, "b:m": {} })).routeOf("b"))).toBe("b");
  });

  it("may match a pattern, which has the fallbacks of its rule", () => {
    const deployments = entries({ "a:moon/*": {}, b: {} });
    const { names, routeOf } = compile(deployments, {
      matchPattern: (name) =>
        name.startsWith("moon/")
          ? [{ ...deployments[0]!, deployment: fakeDeployment(`a(${name.slice(5)})`) }]
          : [],
      fallbacks: rules("fallbacks", { "moon/*": ["b"], "moon/special": ["moon/other", "b"] }),
    });
    expect(names).toEqual(["moon/*", "b"]);
    expect(sketch(routeOf("moon/kimi-k3"))).toBe("(a(kimi-k3) b)");
    expect(sketch(routeOf("moon/special"))).toBe("(a(special) a(other) b)");
    expect(routeOf("moon/*")).toBeUndefined();
  });

  it("lead to their group alone when asked so", () => {
    const fallbacks = rules("fallbacks", { m: ["c"] });
    const { groupOf } = compile(entries({ "a:m": {}, "b:m": {}, c: {} }), { fallbacks, aliases });
    expect(sketch(groupOf("shown"))).toBe("[1*a|1*b]");
  });
});

describe("fallbacks", () => {
  const four = entries({ a: {}, b: {}, c: {}, d: {} });

  it.each([
    [{ a: ["b", "c"] }, "(a b c)"],
    [{ a: ["b", "d"], b: ["c"] }, "(a b c d)"],
    [{ a: ["b", "c"], b: ["c"] }, "(a b c)"],
    [{ "*": ["d"] }, "(a d)"],
    [{ a: ["b"], "*": ["d"] }, "(a b d)"],
    [{ b: ["c"] }, "a"],
  ])("%j make %s", (fallbacks, expected) => {
    expect(sketch(compile(four, { fallbacks: rules("fallbacks", fallbacks) }).routeOf("a"))).toBe(expected);
  });

  it("by default hold for every name without its own, and never lead back", () => {
    const defaultFallbacks = { targets: ["c"], place: ["litellm_settings", "default_fallbacks"] };
    const { routeOf } = compile(four, { defaultFallbacks, fallbacks: rules("fallbacks", { b: ["d"] }) });
    expect(["a", "b", "c"].map((name) => sketch(routeOf(name)))).toEqual(["(a c)", "(b d c)", "c"]);
    expect(routeOf("a")).toMatchObject({ path: "litellm_settings.default_fallbacks", on: { kind: "table" } });
  });

  it("follow from one another five times, or as often as it is set", () => {
    const names = ["n0", "n1", "n2", "n3", "n4", "n5", "n6"];
    const deployments = names.map((name, index) => entry(name, index));
    const fallbacks = rules(
      "fallbacks",
      Object.fromEntries(names.slice(1).map((name, index) => [names[index]!, [name]])),
    );
    expect(sketch(compile(deployments, { fallbacks }).routeOf("n0"))).toBe("(n0 n1 n2 n3 n4 n5)");
    expect(sketch(compile(deployments, { fallbacks, maxFallbacks: 1 }).routeOf("n0"))).toBe("(n0 n1)");
    expect(sketch(compile(deployments, { fallbacks, maxFallbacks: 0 }).routeOf("n0"))).toBe("n0");
  });

  it("for one kind of error stand nearest to the model they are for", () => {
    const { routeOf } = compile(entries({ a: { window: 8 }, b: {}, c: {}, d: { window: 32 }, e: {} }), {
      fallbacks: rules("fallbacks", { a: ["b", "c"] }),
      contextWindowFallbacks: rules("context_window_fallbacks", { a: ["d"], c: ["e"] }),
      contentPolicyFallbacks: rules("content_policy_fallbacks", { "*": ["e"] }),
    });
    expect(sketch(routeOf("a"))).toBe(
      "(content_filtered(context_length_exceeded(a d) e) content_filtered(b e) " +
        "content_filtered(context_length_exceeded(c e) e))",
    );
    expect(sketch(routeOf("e"))).toBe("e");
  });

  it("may go round between different kinds of errors", () => {
    const more = {
      fallbacks: rules("fallbacks", { b: ["a"] }),
      contextWindowFallbacks: rules("context_window_fallbacks", { a: ["b"] }),
    };
    expect(sketch(compile(four, more).routeOf("a"))).toBe("context_length_exceeded(a b)");
    expect(sketch(compile(four, more).routeOf("b"))).toBe("(b context_length_exceeded(a b))");
  });

  it("may name aliases on both sides", () => {
    const aliases = [{ alias: "x", modelName: "b", hidden: false, place: [] }];
    const fallbacks = rules("fallbacks", { a: ["x", "b"], x: ["c"] });
    const { routeOf } = compile(four, { aliases, fallbacks });
    expect(sketch(routeOf("a"))).toBe("(a b c)");
    expect(sketch(routeOf("x"))).toBe("(b c)");
  });
});

describe("retries", () => {
  const policy = { RateLimit: 4, Authentication: 0 };
  const byCode = { rate_limited: 4, overloaded: 4, authentication: 0, permission_denied: 0 };

  it.each([
    [{}, {}, { retries: 2 }],
    [{}, { retries: 5 }, { retries: 5 }],
    [{ retries: 1 }, { retries: 5, retriesByError: policy }, { retries: 1 }],
    [{}, { retries: 5, retriesByError: policy }, { retries: 5, byCode }],
    [{}, { retriesByError: { Timeout: 9 }, retriesByModelAndError: { m: policy } }, { retries: 2, byCode }],
    [{}, { retryAfterMs: 500 }, { retries: 2, minimumWaitMs: 500 }],
  ])("of %j under %j are %j", (deployment, settings, expected) => {
    const route = compile(entries({ "a:m": deployment }), settings).routeOf("m");
    expect(route).toMatchObject({ retry: { honourRetryAfter: true } });
    expect(route?.kind === "single" && route.retry).toEqual({ honourRetryAfter: true, ...expected });
  });
});

describe("cooldowns", () => {
  it.each([
    [{}, {}, undefined],
    [{}, { disableCooldowns: true, allowedFails: 3 }, "never"],
    [{}, { allowedFails: 3 }, { failureThreshold: 4, minimumRequests: 5, cooldownMs: 5_000 }],
    [{}, { cooldownMs: 9_000 }, { failureRate: 0.5, minimumRequests: 5, cooldownMs: 9_000 }],
    [
      { cooldownMs: 1 },
      { allowedFails: 0, cooldownMs: 9 },
      { failureThreshold: 1, minimumRequests: 5, cooldownMs: 1 },
    ],
    [
      {},
      { allowedFails: 1, allowedFailsByError: { Timeout: 2, InternalServer: 0 } },
      {
        failureThreshold: 2,
        failureThresholdByCode: {
          attempt_timeout: 3,
          upstream_error: 1,
          connection_failed: 1,
          invalid_response: 1,
        },
        minimumRequests: 5,
        cooldownMs: 5_000,
      },
    ],
  ])("of %j under %j are %j", (deployment, settings, expected) => {
    const route = compile(entries({ "a:m": deployment }), settings).routeOf("m");
    expect(route?.kind === "single" && route.breaker).toEqual(expected);
  });
});

describe("mistakes", () => {
  const two = entries({ a: { window: 100 }, b: { window: 100 } });

  it.each<[string, LitellmDeployment[], Partial<LitellmRoutingInput>, string]>([
    [
      "a strategy nobody knows",
      two,
      { strategy: "least-bussy" },
      'router_settings.routing_strategy: no strategy is called "least-bussy" (least-busy)',
    ],
    [
      "a loop",
      two,
      { fallbacks: rules("fallbacks", { a: ["b"], b: ["a"] }) },
      "router_settings.fallbacks[1].b[0]: leads in a circle: a → b → a",
    ],
    [
      "a model that is its own fallback",
      two,
      { fallbacks: rules("fallbacks", { a: ["a"] }) },
      "router_settings.fallbacks[0].a[0]: leads in a circle: a → a",
    ],
    [
      "a loop of aliases",
      two,
      { aliases: [{ alias: "x", modelName: "x", hidden: false, place: ["x"] }] },
      "x: leads in a circle: x → x",
    ],
    [
      "a missing target",
      entries({ "kimi-k3": {} }),
      { fallbacks: rules("fallbacks", { "kimi-k3": ["kimi-k4"] }) },
      'router_settings.fallbacks[0].kimi-k3[0]: no model_name is "kimi-k4" (kimi-k3)',
    ],
    [
      "a rule for nothing",
      two,
      { fallbacks: rules("fallbacks", { zebra: ["a"] }) },
      'router_settings.fallbacks[0].zebra: no model_name is "zebra"',
    ],
    [
      "an alias of nothing",
      two,
      { aliases: [{ alias: "x", modelName: "y", hidden: false, place: ["alias"] }] },
      'alias: no model_name is "y"',
    ],
    [
      "a default that is missing",
      two,
      { defaultFallbacks: { targets: ["zebra"], place: ["default"] } },
      'default[0]: no model_name is "zebra"',
    ],
    [
      "a pattern as a target",
      entries({ a: {}, "b:moon/*": {} }),
      { fallbacks: rules("fallbacks", { a: ["moon/*"] }) },
      'router_settings.fallbacks[0].a[0]: no model_name is "moon/*"',
    ],
    [
      "weights that are all 0",
      entries({ "a:m": { weight: 0 }, "b:m": { weight: 0 } }),
      {},
      "model_list[0]: every weight is 0, so nothing here would take traffic",
    ],
    [
      "a negative weight",
      entries({ "a:m": { weight: -1 }, "b:m": {} }),
      {},
      "model_list[0].litellm_params.weight: a weight is a number of at least 0, not -1",
    ],
    [
      "a window that is not larger",
      two,
      { contextWindowFallbacks: rules("context_window_fallbacks", { a: ["b"] }) },
      "router_settings.context_window_fallbacks[0].a[0]: what is too long for a can never fit b: its window of 100 tokens is not larger than 100",
    ],
  ])("such as %s are found before the start", (_, deployments, more, problem) => {
    expect(problemsOf(deployments, more)).toEqual([problem]);
  });

  it("are not made of windows that are only guessed, or mixed", () => {
    const contextWindowFallbacks = rules("context_window_fallbacks", { a: ["b"] });
    expect(problemsOf(entries({ a: { window: 100 }, b: {} }), { contextWindowFallbacks })).toEqual([]);
    const mixed = entries({ "a1:a": { window: 200 }, "a2:a": { window: 50 }, b: { window: 100 } });
    expect(problemsOf(mixed, { contextWindowFallbacks })).toEqual([]);
  });
});
