import { describe, expect, it } from "vitest";
import { parseParameterPath } from "./parse-parameter-path.ts";

describe("a parameter path", () => {
  it.each([
    ["temperature", ["temperature"]],
    ["a.b.c", ["a", "b", "c"]],
    ["messages[0].name", ["messages", 0, "name"]],
    ["tools[*].function.strict", ["tools", { every: true }, "function", "strict"]],
    ["a[0][*]", ["a", 0, { every: true }]],
    ['metadata["x.y"]', ["metadata", "x.y"]],
  ])("%s is read", (text, steps) => {
    expect(parseParameterPath(text)).toEqual(steps);
  });

  it.each(["", ".a", "a.", "a..b", "[0]", "[*].a", "a[", "a[x]", "a[-1]", "a]"])("%j is refused", (text) => {
    expect(parseParameterPath(text)).toBeUndefined();
  });
});
