import fc from "fast-check";
import { expect, test } from "vitest";
import { exceedsDepth } from "./json-depth.ts";

const bytes = (text: string) => Buffer.from(text);
const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test.each([
  ["no nesting", "1", 0, false],
  ["as deep as allowed", "[[]]", 2, false],
  ["one deeper", "[[[]]]", 2, true],
  ["siblings", "[[],[],[]]", 2, false],
  ["brackets in a string", '["[[[["]', 1, false],
  ["an escaped quote before brackets", String.raw`["\"[[["]`, 1, false],
  ["an escaped backslash at the end of a string", String.raw`["\\",[[]]]`, 2, true],
  ["objects and arrays together", '{"a":[{"b":1}]}', 2, true],
  ["a string that never ends", '"[[[', 0, false],
])("judges %s", (_name, text, limit, expected) => {
  expect(exceedsDepth(bytes(text), limit)).toBe(expected);
});

test("agrees with the depth of the parsed value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = bytes(JSON.stringify(value));
      const depth = depthOf(value);
      expect(exceedsDepth(text, depth)).toBe(false);
      expect(depth === 0 || exceedsDepth(text, depth - 1)).toBe(true);
    }),
  );
});

test.each([
  ["opening brackets", "["],
  ["closed pairs", "[]"],
  ["escapes in a string", String.raw`"\"`],
])("reads 10 MB of %s in under 50 ms", (_name, pattern) => {
  const text = Buffer.alloc(10 * 1024 * 1024, pattern);
  // The quickest of some runs: the others measure what else the machine does.
  const runsMs = Array.from({ length: 5 }, () => {
    const startedMs = performance.now();
    exceedsDepth(text, text.length);
    return performance.now() - startedMs;
  });
  expect(Math.min(...runsMs)).toBeLessThan(50);
});

test("stops at the first bracket too many", () => {
  const text = Buffer.alloc(10 * 1024 * 1024, "[");
  const startedMs = performance.now();
  expect(exceedsDepth(text, 200)).toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(50);
});
