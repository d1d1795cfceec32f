/* oxlint-disable unicorn/no-thenable -- "then" is Portkey's word for where a condition leads. */
import { describe, expect, it } from "vitest";
import { fakeDeployment } from "../../../test/fake-deployment.ts";
import { compileRoutes } from "./compile-routes.ts";
import { leavesOf } from "./route-leaves.ts";
import type { RouteNode, SingleNode } from "./route-plan.ts";

const models = ["kimi-k3", "kimi-k2.6"];

function resolveTarget(name: string): RouteNode | undefined {
  if (!models.includes(name)) return undefined;
  return {
    kind: "single",
    path: name,
    deployment: fakeDeployment(name),
    retry: { retries: 2, honourRetryAfter: true },
  };
}

function compile(routes: unknown) {
  return compileRoutes(routes, { targetNames: models, resolveTarget });
}

function route(routes: Record<string, unknown>, name: string): RouteNode {
  const result = compile(routes);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.routes.get(name)!;
}

function problemsOf(routes: unknown): string[] {
  const result = compile(routes);
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ path, message, suggestion }) =>
    [`${path}: ${message}`, ...(suggestion === undefined ? [] : [`(${suggestion})`])].join(" "),
  );
}

describe("routes", () => {
  it("lead to models by name, in short or with settings", () => {
    const tree = route(
      {
        smart: {
          strategy: { mode: "fallback", on_error_codes: ["overloaded"] },
          targets: ["kimi-k3", { target: "kimi-k2.6", override_params: { temperature: 0 } }],
        },
      },
      "smart",
    );
    expect(tree).toMatchObject({
      kind: "fallback",
      path: "routes.smart",
      on: { kind: "codes", codes: ["overloaded"] },
      children: [
        { deployment: { id: "kimi-k3" }, retry: { retries: 2 } },
        { deployment: { id: "kimi-k2.6" }, changes: { overrides: { temperature: 0 } } },
      ],
    });
  });

  it("can be another name for a model", () => {
    expect(route({ fast: "kimi-k3" }, "fast")).toMatchObject({
      kind: "single",
      deployment: { id: "kimi-k3" },
    });
  });

  it("choose by condition, a target without a name going by what it leads to", () => {
    const tree = route(
      {
        by_tier: {
          strategy: {
            mode: "conditional",
            conditions: [{ query: { "metadata.tier": "paid" }, then: "kimi-k3" }],
            default: "other",
          },
          targets: ["kimi-k3", { name: "other", target: "kimi-k2.6" }],
        },
      },
      "by_tier",
    );
    expect(tree).toMatchObject({
      branches: [{ node: { deployment: { id: "kimi-k3" } } }],
      otherwise: { deployment: { id: "kimi-k2.6" } },
    });
  });

  it("hand their settings on to the routes they name", () => {
    const tree = route(
      {
        outer: { target: "inner", retry: { attempts: 1 }, override_params: { a: 1, b: 1 } },
        inner: {
          strategy: { mode: "loadbalance" },
          targets: ["kimi-k3", { target: "kimi-k2.6", retry: { attempts: 3 }, override_params: { b: 2 } }],
        },
      },
      "outer",
    );
    const [first, second] = leavesOf<SingleNode>(tree);
    expect(first).toMatchObject({ retry: { retries: 1 }, changes: { overrides: { a: 1, b: 1 } } });
    expect(second).toMatchObject({ retry: { retries: 3 }, changes: { overrides: { a: 1, b: 2 } } });
  });

  it.each([
    [[], "routes: expected a map of names to routes"],
    [{ r: {} }, "routes.r.target: missing, expected the name of a model or of another route"],
    [{ r: 5 }, "routes.r: expected a map of settings, got 5"],
    [{ r: { tagret: "kimi-k3", target: "kimi-k3" } }, 'routes.r.tagret: unknown key "tagret" (target)'],
    [{ r: { target: "kimi-k3", cache: {} } }, 'routes.r.cache: unknown key "cache"'],
    [{ r: "kimi-k33" }, 'routes.r: no model or route is called "kimi-k33" (kimi-k3)'],
    [{ r: { targets: ["kimi-k3"], target: "kimi-k3" } }, "routes.r.target: cannot stand beside targets"],
    [
      { r: { target: "kimi-k3", override_params: { model: "x" } } },
      "routes.r.override_params.model: the target says which model it is",
    ],
    [{ "kimi-k3": "kimi-k2.6" }, "routes.kimi-k3: is already the name of a model or a deployment"],
    [{ a: { targets: ["b"] }, b: "c", c: "a" }, "routes.c: leads in a circle: a → b → c → a"],
    [{ a: "a" }, "routes.a: leads in a circle: a → a"],
    [
      { a: { strategy: { mode: "loadbalance" }, targets: [{ target: "kimi-k3", weight: 0 }] } },
      "routes.a.targets: every weight is 0, so nothing here would take traffic",
    ],
  ])("%j are refused: %s", (routes, problem) => {
    expect(problemsOf(routes)).toEqual([problem]);
  });

  it("report a target that is not there once, wherever it is used from", () => {
    expect(problemsOf({ a: "b", c: "b", b: "nowhere" })).toEqual([
      'routes.b: no model or route is called "nowhere"',
    ]);
  });
});
