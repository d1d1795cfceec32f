import { describe, expect, it } from "vitest";
import type { RouteProblem } from "../route-problem.ts";
import { parseCondition } from "./parse-condition.ts";

const place = ["config", "strategy", "conditions", 0, "query"];

function problemsOf(query: unknown): readonly RouteProblem[] {
  const result = parseCondition(query, place);
  return result.ok ? [] : result.problems;
}

describe("a condition", () => {
  it("keeps every test that stands side by side", () => {
    const result = parseCondition(
      {
        "metadata.tier": "paid",
        "params.max_tokens": { $gt: 10, $lte: "200" },
        $or: [{ "url.pathname": "/v1" }],
      },
      place,
    );
    expect(result).toEqual({
      ok: true,
      value: {
        kind: "all",
        of: [
          { kind: "compare", path: ["metadata", "tier"], operator: "eq", value: "paid" },
          {
            kind: "all",
            of: [
              { kind: "compare", path: ["params", "max_tokens"], operator: "gt", value: 10 },
              { kind: "compare", path: ["params", "max_tokens"], operator: "lte", value: 200 },
            ],
          },
          {
            kind: "any",
            of: [{ kind: "compare", path: ["url", "pathname"], operator: "eq", value: "/v1" }],
          },
        ],
      },
    });
  });

  it.each([
    ["params.messages[0].role", ["params", "messages", "0", "role"]],
    ["params.messages.0.role", ["params", "messages", "0", "role"]],
    ["headers.X-Tier.v2", ["headers", "x-tier.v2"]],
    ["metadata.a.b", ["metadata", "a", "b"]],
  ])("reads the path %s", (path, steps) => {
    expect(parseCondition({ [path]: { $exists: true } }, place)).toMatchObject({ value: { path: steps } });
  });

  it("takes a value without operators as equality, objects and null included", () => {
    expect(parseCondition({ "params.thinking": { type: "enabled" } }, place)).toMatchObject({
      value: { operator: "eq", value: { type: "enabled" } },
    });
    expect(parseCondition({ "params.user": null }, place)).toMatchObject({ value: { value: null } });
  });

  it.each([
    [{}, "", "expected at least one test", undefined],
    ["x", "", "expected at least one test", undefined],
    [{ $and: [] }, ".$and", "at least one condition", undefined],
    [{ $or: { "metadata.a": 1 } }, ".$or", "expects a list", undefined],
    [{ $and: [{ "metadata.a": 1 }, {}] }, ".$and[1]", "at least one test", undefined],
    [{ $nor: [] }, ".$nor", "unknown operator", undefined],
    [{ $eq: 1 }, ".$eq", "$eq cannot stand here", undefined],
    [{ "metadata.a": { $or: [] } }, ".metadata.a.$or", "$or cannot stand here", undefined],
    [{ "metadata.a": { $regx: "a" } }, ".metadata.a.$regx", "unknown operator", "$regex"],
    [{ "metadata.a": { $neq: "a" } }, ".metadata.a.$neq", "unknown operator", "$ne"],
    [{ "metadata.a": { $eq: 1, b: 2 } }, ".metadata.a.b", "unknown operator", undefined],
    [{ "metadata.a": { $in: "a" } }, ".metadata.a.$in", "$in expects a list", undefined],
    [{ "metadata.a": { $nin: {} } }, ".metadata.a.$nin", "$nin expects a list", undefined],
    [{ "metadata.a": { $gt: "much" } }, ".metadata.a.$gt", 'cannot use "much"', undefined],
    [{ "metadata.a": { $exists: "yes" } }, ".metadata.a.$exists", "expects true or false", undefined],
    [{ "metadata.a": { $regex: "(a)\\1" } }, ".metadata.a.$regex", "backreference", undefined],
    [{ "metadata.a": { $regex: 5 } }, ".metadata.a.$regex", "as text", undefined],
    [{ "metdata.a": 1 }, ".metdata.a", "is not metadata.*", "metadata.a"],
    [{ metadata: 1 }, ".metadata", "does not say which", undefined],
    [{ "params.tools[*].type": 1 }, ".params.tools[*].type", "many values", undefined],
    [{ "url.host": 1 }, ".url.host", "only the path", "url.pathname"],
  ])("%j is refused at %s: %s", (query, where, message, suggestion) => {
    const problems = problemsOf(query);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(`config.strategy.conditions[0].query${where}`);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it("reports every mistake at once", () => {
    expect(problemsOf({ "metadata.a": { $x: 1, $y: 2 }, "foo.b": 1 })).toHaveLength(3);
  });
});
