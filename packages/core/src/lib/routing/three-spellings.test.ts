/* oxlint-disable unicorn/no-thenable -- "then" is Portkey's word for where a condition leads. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeDeployment } from "../../../test/fake-deployment.ts";
import { bindTargets } from "./bind-targets.ts";
import { compileLitellmRouting } from "./compile-litellm-routing.ts";
import { compilePortkeyConfig } from "./compile-portkey-config.ts";
import { compileRoutes } from "./compile-routes.ts";
import { noRetry } from "./leaf-settings.ts";
import type { Deployment } from "./deployment.ts";
import type { LitellmDeployment } from "./litellm-routing-input.ts";
import type { RouteNode } from "./route-plan.ts";
import type { Compiled } from "./route-problem.ts";

const deployments = new Map<string, Deployment>();

function deploymentOf(id: string): Deployment {
  const known = deployments.get(id) ?? fakeDeployment(id);
  deployments.set(id, known);
  return known;
}

function valueOf<Value>(result: Compiled<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function fromPortkey(config: unknown): RouteNode {
  const { tree } = valueOf(compilePortkeyConfig(config));
  return valueOf(bindTargets(tree, ({ model }) => ({ deployment: deploymentOf(model ?? "") })));
}

function resolveTarget(name: string): RouteNode {
  return { kind: "single", path: name, deployment: deploymentOf(name), retry: noRetry };
}

function fromRoutes(route: unknown): RouteNode | undefined {
  return valueOf(compileRoutes({ main: route }, { targetNames: [], resolveTarget })).routes.get("main");
}

/** Where a node was written is the one thing that the spellings do not share. */
function withoutPaths(node: RouteNode | undefined): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "path" ? undefined : value)));
}

/** The same config with `{target: id}` for `{provider, override_params.model}`. */
function asRoute(config: unknown): unknown {
  if (Array.isArray(config)) return config.map(asRoute);
  if (typeof config !== "object" || config === null) return config;
  const { provider, override_params: overrides, targets, ...rest } = config as Record<string, unknown>;
  const { model, ...others } = (overrides ?? {}) as Record<string, unknown>;
  return {
    ...rest,
    ...(Object.keys(others).length > 0 && { override_params: others }),
    ...(provider !== undefined && { target: model }),
    ...(targets !== undefined && { targets: asRoute(targets) }),
  };
}

interface Member {
  readonly weight: number;
}

function inOrder(targets: readonly object[]): object | undefined {
  return targets.length === 1 ? targets[0] : { strategy: { mode: "fallback" }, targets };
}

/** Groups with levels of members: what LiteLLM's settings can say. */
const groups = fc.array(
  fc.array(
    fc.array(fc.record<Member>({ weight: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  { minLength: 1, maxLength: 3 },
);

const settings = fc.record({
  retries: fc.integer({ min: 0, max: 5 }),
  allowedFails: fc.integer({ min: 0, max: 5 }),
  cooldownMs: fc.integer({ min: 30_000, max: 60_000 }),
  strategy: fc.constantFrom("simple-shuffle", "least-busy", "latency-based-routing", "cost-based-routing"),
});

describe("one plan", () => {
  it("comes out of all three spellings of a chain of groups", () => {
    fc.assert(
      fc.property(groups, settings, (chain, { retries, allowedFails, cooldownMs, strategy }) => {
        const entries: LitellmDeployment[] = chain.flatMap((levels, group) =>
          levels.flatMap((members, order) =>
            members.map(({ weight }, index) => ({
              place: ["model_list"],
              modelName: `g${group}`,
              deployment: deploymentOf(`d${group}.${order}.${index}`),
              order,
              weight,
            })),
          ),
        );
        const followers = chain.slice(1).map((_, index) => `g${index + 1}`);
        const litellm = valueOf(
          compileLitellmRouting({
            deployments: entries,
            strategy,
            aliases: [],
            fallbacks: [{ place: [], modelName: "g0", targets: followers }],
            contextWindowFallbacks: [],
            contentPolicyFallbacks: [],
            retriesByModelAndError: {},
            disableCooldowns: false,
            retries,
            allowedFails,
            cooldownMs,
          }),
        ).routeOf("g0");

        const balanced = (targets: readonly object[]) =>
          targets.length === 1
            ? targets[0]
            : { strategy: { mode: "loadbalance", balance: strategy }, targets };
        const tree = inOrder(
          chain.map((levels, group) =>
            inOrder(
              levels.map((members, order) =>
                balanced(
                  members.map(({ weight }, index) => ({
                    provider: "fake",
                    weight,
                    override_params: { model: `d${group}.${order}.${index}` },
                  })),
                )!,
              ),
            )!,
          ),
        );
        const config = {
          retry: { attempts: retries },
          cb_config: { failure_threshold: allowedFails + 1, cooldown_interval: cooldownMs },
          targets: [tree],
        };
        const expected = withoutPaths(litellm);
        expect(withoutPaths(fromPortkey(config))).toEqual(expected);
        expect(withoutPaths(fromRoutes(asRoute(config)))).toEqual(expected);
      }),
    );
  });

  it("comes out of JSON and YAML alike, however it is nested", () => {
    const own = fc.record(
      {
        retry: fc.record({ attempts: fc.integer({ min: 0, max: 5 }) }),
        request_timeout: fc.integer({ min: 1, max: 9_999 }),
        override_params: fc.dictionary(fc.constantFrom("temperature", "seed"), fc.integer()),
        drop_params: fc.subarray(["user", "tools[*].strict"]),
      },
      { requiredKeys: [] },
    );
    const leaf = fc.tuple(own, fc.integer({ min: 0, max: 99 })).map(([settings, id]) =>
      Object.assign({}, settings, {
        provider: "fake",
        override_params: { ...settings.override_params, model: `d${id}` },
      }),
    );
    const strategy = fc.constantFrom(
      undefined,
      { mode: "fallback" },
      { mode: "fallback", on_status_codes: [429, 503] },
      { mode: "fallback", on_error_codes: ["content_filtered"] },
      { mode: "loadbalance" },
      { mode: "loadbalance", sticky: { enabled: true, hash_fields: ["metadata.user"], ttl: 9 } },
      {
        mode: "conditional",
        conditions: [
          { query: { $or: [{ "params.n": { $gt: 1 } }, { "metadata.a": { $ne: "b" } }] }, then: "n0" },
        ],
        default: "n0",
      },
    );
    const { config } = fc.letrec<{ config: object }>((tie) => ({
      config: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(own, strategy, fc.array(tie("config"), { minLength: 1, maxLength: 3 }))
          .map(([settings, chosen, targets]) =>
            Object.assign({}, settings, chosen && { strategy: chosen }, {
              targets: targets.map((target, index) =>
                Object.assign({}, target, { name: `n${index}`, weight: index + 1 }),
              ),
            }),
          ),
      ),
    }));
    fc.assert(
      fc.property(config, (written) => {
        expect(withoutPaths(fromRoutes(asRoute(written)))).toEqual(withoutPaths(fromPortkey(written)));
      }),
    );
  });
});
