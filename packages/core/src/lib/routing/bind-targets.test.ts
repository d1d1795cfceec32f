import { describe, expect, it } from "vitest";
import { fakeDeployment } from "../../../test/fake-deployment.ts";
import { bindTargets } from "./bind-targets.ts";
import { compilePortkeyConfig } from "./compile-portkey-config.ts";
import type { TargetSpec } from "./compile-portkey-config.ts";
import type { RouteNode } from "./route-plan.ts";

function treeOf(config: unknown) {
  const result = compilePortkeyConfig(config);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.tree;
}

function resolve({ provider, model }: TargetSpec) {
  if (provider === undefined) return { node: group };
  if (provider !== "fake") {
    return {
      message: `there is no provider ${JSON.stringify(provider)}`,
      key: "provider",
      suggestion: "fake",
    };
  }
  return { deployment: fakeDeployment(model ?? "requested") };
}

const group: RouteNode = {
  kind: "loadbalance",
  path: "model_list[model_name=m]",
  strategy: { kind: "weighted" },
  children: ["x", "y"].map((id) => ({
    weight: 1,
    node: {
      kind: "single",
      path: id,
      deployment: { ...fakeDeployment(id), timeouts: { idleMs: 5 } },
      retry: { retries: 2, honourRetryAfter: true },
    },
  })),
};

describe("binding targets", () => {
  it("makes a leaf of a deployment, without further attempts unless the config says so", () => {
    const config = { provider: "fake", override_params: { model: "m", temperature: 1 } };
    const bound = bindTargets(treeOf(config), resolve);
    expect(bound).toMatchObject({
      ok: true,
      value: {
        kind: "single",
        path: "config",
        deployment: { id: "m" },
        retry: { retries: 0 },
        changes: { overrides: { temperature: 1 } },
      },
    });
    expect(JSON.stringify(bound)).not.toContain('"model":"m"');
  });

  it("puts the leaf's settings over those of a whole group", () => {
    const bound = bindTargets(
      treeOf({ retry: { attempts: 4 }, request_timeout: 1_000, cb_config: { failure_threshold: 2 } }),
      resolve,
    );
    const single = {
      retry: { retries: 4 },
      deployment: { timeouts: { idleMs: 5, attemptMs: 1_000 } },
      breaker: { failureThreshold: 2 },
    };
    expect(bound).toMatchObject({ value: { children: [{ node: single }, { node: single }] } });
  });

  it("leaves a group as it is where the config says nothing", () => {
    expect(bindTargets(treeOf({}), resolve)).toEqual({ ok: true, value: group });
  });

  it("says which of several targets names what is not there", () => {
    const config = {
      strategy: { mode: "fallback" },
      targets: [{ provider: "fake" }, { provider: "fkae" }, { provider: "other" }],
    };
    const bound = bindTargets(treeOf(config), resolve);
    expect(bound).toMatchObject({
      ok: false,
      problems: [
        {
          path: "config.targets[1].provider",
          message: 'there is no provider "fkae"',
          suggestion: "fake",
        },
        { path: "config.targets[2].provider" },
      ],
    });
  });
});
