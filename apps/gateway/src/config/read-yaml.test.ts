import { describe, expect, it } from "vitest";
import { formatProblem } from "./format-problem.ts";
import { toPlain, valueAt } from "./located-value.ts";
import { readYaml } from "./read-yaml.ts";

const plainOf = (text: string) => {
  const { root } = readYaml("a.yaml", text);
  return root && JSON.parse(JSON.stringify(toPlain(root)));
};
const linesOf = (text: string) => readYaml("a.yaml", text).problems.map(formatProblem);

describe("reading YAML", () => {
  it("gives data with the place of every key and value", () => {
    const { root } = readYaml("a.yaml", "a:\n  - b: 1\n");
    expect(root?.entries.get("a")?.keyPlace).toEqual({ file: "a.yaml", line: 1, column: 1 });
    expect(root?.entries.get("a")?.value).toMatchObject({
      kind: "list",
      items: [
        {
          entries: new Map([
            ["b", { value: { value: 1, path: ["a", 0, "b"], place: { line: 2, column: 8 } } }],
          ]),
        },
      ],
    });
  });

  it("merges maps under << without overwriting, the first source before the second", () => {
    const text = "a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], x: 0 }\n";
    expect(plainOf(text)).toMatchObject({ c: { x: 0, y: 1, z: 2 } });
    const { root } = readYaml("a.yaml", text);
    expect(root && valueAt(root, ["c", "z"])).toMatchObject({ path: ["c", "z"], place: { line: 2 } });
  });

  it.each([
    [
      "a merge of something else",
      "a: { <<: text }",
      'a.yaml:1:10 a: expected a map after the merge key "<<"',
    ],
    ["a key that is a list", "? [a]\n: 1\n", "a.yaml:1:3 a key must be plain text"],
    [
      "a key that reaches a prototype",
      "__proto__: { a: 1 }",
      'a.yaml:1:1 "__proto__" cannot be used as a key',
    ],
    [
      "an unclosed bracket",
      "a: [1, 2\nb: 3\n",
      "a.yaml:2:1 a list that begins with [ must be closed with ] before this line",
    ],
    [
      "an unclosed brace",
      "a: {x: 1\nb: 3\n",
      "a.yaml:2:1 a map that begins with { must be closed with } before this line",
    ],
    ["text that needs quotes", "a: @x\n", "a.yaml:1:4 text cannot begin with this character without quotes"],
  ])("refuses %s", (_, text, line) => {
    expect(linesOf(text)).toEqual([line]);
  });

  it("refuses endless nesting instead of running out of stack", () => {
    // Where the parser gives up depends on the stack that is left.
    expect(linesOf("[".repeat(20_000))).toEqual([
      expect.stringMatching(/^a\.yaml:1:\d+ too deeply nested$/u),
    ]);
  });
});
