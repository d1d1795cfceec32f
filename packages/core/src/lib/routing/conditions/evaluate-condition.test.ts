import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition } from "./evaluate-condition.ts";
import type { Facts } from "./evaluate-condition.ts";
import { parseCondition } from "./parse-condition.ts";

const facts: Facts = {
  metadata: { tier: "paid", age: "30", "team.name": "lunar", empty: "" },
  params: {
    model: "kimi-k3",
    max_tokens: 100,
    user: null,
    thinking: { type: "enabled", budget: { tokens: 5 } },
    messages: [{ role: "system" }, { role: "user" }],
    stop: ["a", "b"],
  },
  headers: { "x-tier": "gold" },
  url: { pathname: "/v1/chat/completions" },
};

function holds(query: unknown): boolean {
  const result = parseCondition(query, ["query"]);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return evaluateCondition(result.value, facts);
}

describe("a condition", () => {
  it.each([
    [{ "metadata.tier": "paid" }, true],
    [{ "metadata.tier": { $ne: "free" } }, true],
    [{ "metadata.tier": { $ne: "paid" } }, false],
    [{ "metadata.age": { $gt: 29, $lt: 31 } }, true],
    [{ "metadata.age": { $gt: 29, $lt: 30 } }, false],
    [{ "metadata.age": { $gte: "30" } }, true],
    [{ "metadata.age": { $lte: 29.5 } }, false],
    [{ "metadata.tier": { $gt: 1 } }, false],
    [{ "metadata.empty": { $gte: 0 } }, false],
    [{ "metadata.team.name": "lunar" }, true],
    [{ 'metadata["team.name"]': "lunar" }, true],
    [{ "params.thinking.budget.tokens": { $eq: 5 } }, true],
    [{ "params.messages[1].role": "user" }, true],
    [{ "params.messages.0.role": { $in: ["system", "developer"] } }, true],
    [{ "params.stop": ["a", "b"] }, true],
    [{ "params.stop": { $nin: [["b", "a"]] } }, true],
    [{ "params.max_tokens": "100" }, false],
    [{ "headers.X-Tier": { $regex: "^(gold|silver)$" } }, true],
    [{ "url.pathname": { $regex: "completions$" } }, true],
    [{ "params.max_tokens": { $regex: "1" } }, false],
    [{ "params.user": null }, true],
    [{ "params.user": { $exists: true } }, true],
    [{ "params.none": { $exists: false } }, true],
    [{ "params.constructor": { $exists: true } }, false],
    [{ "params.messages.length": { $exists: true } }, false],
    [{ "params.model.length": { $exists: true } }, false],
  ])("%j is %s", (query, expected) => {
    expect(holds(query)).toBe(expected);
  });

  it.each([
    { $eq: null },
    { $eq: "x" },
    { $ne: "x" },
    { $ne: null },
    { $in: [null] },
    { $nin: ["x"] },
    { $nin: [] },
    { $gt: -1 },
    { $lte: 1 },
    { $regex: "" },
    { $exists: true },
  ])("%j is false of a key that is missing", (test) => {
    expect(holds({ "metadata.missing": test })).toBe(false);
    expect(holds({ "params.thinking.budget.missing.deeper": test })).toBe(false);
  });

  it("needs every test that stands beside a list of alternatives", () => {
    const alternatives = { $or: [{ "metadata.tier": "free" }, { "metadata.tier": "paid" }] };
    expect(holds({ ...alternatives, "params.model": "kimi-k3" })).toBe(true);
    expect(holds({ ...alternatives, "params.model": "other" })).toBe(false);
    expect(holds({ "metadata.tier": { $regex: "^p", $ne: "paid" } })).toBe(false);
  });

  it("composes as logic does, however deep", () => {
    interface Tree {
      query: unknown;
      expected: boolean;
    }
    const leaf = fc.boolean().map<Tree>((expected) => ({
      query: { "metadata.tier": expected ? "paid" : "free" },
      expected,
    }));
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(fc.boolean(), fc.array(tie("tree"), { minLength: 1, maxLength: 3 }))
          .map(([isAnd, parts]) => ({
            query: { [isAnd ? "$and" : "$or"]: parts.map(({ query }) => query) },
            expected: isAnd
              ? parts.every(({ expected }) => expected)
              : parts.some(({ expected }) => expected),
          })),
        fc.tuple(tie("tree"), tie("tree"), fc.boolean()).map(([left, right, there]) => ({
          query: { $and: [left.query], $or: [right.query], "params.user": { $exists: there } },
          expected: left.expected && right.expected && there,
        })),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ query, expected }) => {
        expect(holds(query)).toBe(expected);
      }),
    );
  });
});
