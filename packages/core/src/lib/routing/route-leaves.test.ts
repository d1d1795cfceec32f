import { expect, it } from "vitest";
import { leavesOf, mapLeaves } from "./route-leaves.ts";
import type { RouteTree } from "./route-plan.ts";

interface Leaf {
  readonly kind: "leaf";
  readonly name: string;
}

const leaf = (name: string): Leaf => ({ kind: "leaf", name });

const tree: RouteTree<Leaf> = {
  kind: "fallback",
  path: "",
  on: { kind: "table" },
  children: [
    leaf("a"),
    {
      kind: "conditional",
      path: "",
      branches: [{ when: { kind: "exists", path: ["params", "x"], expected: true }, node: leaf("b") }],
      otherwise: {
        kind: "loadbalance",
        path: "",
        strategy: { kind: "weighted" },
        children: [{ node: leaf("c"), weight: 3 }],
      },
    },
  ],
};

it("visits leaves from left to right", () => {
  expect(leavesOf<Leaf>(tree).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

it("keeps everything but the leaves", () => {
  const mapped = mapLeaves<Leaf, Leaf>(tree, ({ name }) => leaf(name.toUpperCase()));
  expect(JSON.stringify(mapped)).toBe(
    JSON.stringify(tree).replaceAll(/"name":"(\w)"/gu, (_, name: string) => `"name":"${name.toUpperCase()}"`),
  );
});

it("can put a whole tree in the place of a leaf", () => {
  const mapped = mapLeaves<Leaf, Leaf>(tree, ({ name }) => (name === "c" ? tree : leaf(name)));
  expect(leavesOf<Leaf>(mapped).map(({ name }) => name)).toEqual(["a", "b", "a", "b", "c"]);
});
