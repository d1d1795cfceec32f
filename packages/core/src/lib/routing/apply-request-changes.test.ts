import { describe, expect, it } from "vitest";
import { applyRequestChanges } from "./apply-request-changes.ts";
import { parseParameterPath } from "./parse-parameter-path.ts";
import { changesNothing, mergeChanges, noChanges } from "./request-changes.ts";

function drops(...texts: string[]) {
  return texts.map((text) => ({ text, path: parseParameterPath(text)! }));
}

describe("the changes of a route", () => {
  it("are made in the order default, override, drop", () => {
    const { request, adjustments } = applyRequestChanges(
      { model: "m", temperature: 0.5, seed: 1 },
      {
        defaults: { temperature: 1, top_p: 0.9, user: "u" },
        overrides: { top_p: 0.5, seed: 1, max_tokens: 7 },
        drops: drops("user", "absent"),
      },
    );
    expect(request).toEqual({ model: "m", temperature: 0.5, seed: 1, top_p: 0.5, max_tokens: 7 });
    expect(adjustments.map(({ parameter, action, from, to }) => [parameter, action, from, to])).toEqual([
      ["top_p", "added", undefined, 0.9],
      ["user", "added", undefined, "u"],
      ["top_p", "changed", 0.9, 0.5],
      ["max_tokens", "added", undefined, 7],
      ["user", "removed", undefined, undefined],
    ]);
  });

  it.each([
    ["a.b", { a: { b: 1, c: 2 } }, { a: { c: 2 } }],
    ["tools[*].strict", { tools: [{ strict: true, n: 1 }, { n: 2 }] }, { tools: [{ n: 1 }, { n: 2 }] }],
    ["tools[0]", { tools: [1, 2] }, { tools: [2] }],
    ["tools[*]", { tools: [1, 2] }, { tools: [] }],
    ["tools[7]", { tools: [1, 2] }, { tools: [1, 2] }],
    ["a.b.c", { a: "text" }, { a: "text" }],
  ])("drop %s", (path, before, after) => {
    const original = structuredClone(before);
    const changes = { ...noChanges, drops: drops(path) };
    expect(applyRequestChanges<Record<string, unknown>>(before, changes).request).toEqual(after);
    expect(before).toEqual(original);
  });

  it("show no value that could be text of the conversation", () => {
    const changes = { ...noChanges, overrides: { stop: ["secret"] } };
    expect(JSON.stringify(applyRequestChanges({ stop: ["old"] }, changes).adjustments)).not.toMatch(
      /secret|old/u,
    );
  });

  it("merge key by key, the child over the parent, and both drop", () => {
    const parent = { defaults: { a: 1 }, overrides: { b: 1, c: { x: 1 } }, drops: drops("d", "e") };
    const child = { defaults: { a: 2, z: 1 }, overrides: { c: { y: 1 } }, drops: drops("e", "f") };
    expect(mergeChanges(parent, child)).toEqual({
      defaults: { a: 2, z: 1 },
      overrides: { b: 1, c: { y: 1 } },
      drops: drops("d", "e", "f"),
    });
    expect(changesNothing(mergeChanges(noChanges, noChanges))).toBe(true);
  });
});
