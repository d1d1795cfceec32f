import { describe, expect, it } from "vitest";
import { drawFrom } from "../random.ts";
import { generateMatching } from "./generate-matching.ts";
import { generateValue } from "./generate-value.ts";

const generate = (schema: object, question = "") => generateValue({ ...schema }, question, drawFrom("test"));

describe("a generated value", () => {
  it("takes a proper name out of the question", () => {
    const schema = { type: "object", properties: { city: { type: "string" } } };
    expect(generate(schema, "What is the weather in San Francisco today?")).toEqual({
      city: "San Francisco",
    });
  });

  it("takes the whole question where a query is wanted", () => {
    const schema = { type: "object", properties: { query: { type: "string" } } };
    expect(generate(schema, "find the moon")).toEqual({ query: "find the moon" });
  });

  it("prefers the choice the question mentions", () => {
    expect(generate({ enum: ["celsius", "fahrenheit"] }, "in Fahrenheit, please")).toBe("fahrenheit");
  });

  it.each([
    [{ type: "integer", minimum: 5, maximum: 9 }, "3 wishes", 5],
    [{ type: "integer", minimum: 5, maximum: 9 }, "7 wishes", 7],
    [{ type: "number", exclusiveMinimum: 0, maximum: 0.5 }, "", 0.5],
    [{ type: "integer", multipleOf: 4 }, "6", 8],
    [{ const: "fixed" }, "", "fixed"],
    [{ type: ["null", "string"], maxLength: 3 }, "", "exa"],
    [{ type: "null" }, "", null],
    [{ type: "array", items: { type: "integer" }, minItems: 3 }, "", [1, 1, 1]],
    [{ type: "array", items: { type: "integer" }, maxItems: 0 }, "", []],
    [{ anyOf: [{ type: "null" }, { type: "integer" }] }, "", 1],
    [{ type: "string", pattern: "^[A-Z]{3}-\\d{4}$" }, "", "AAA-1111"],
    [{ type: "string", format: "date" }, "", "2026-11-24"],
  ])("of %j is in bounds", (schema, question, expected) => {
    expect(generate(schema, question)).toEqual(expected);
  });

  it("ends where a schema refers to itself", () => {
    const node = {
      type: "object",
      properties: {
        value: { type: "integer" },
        next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
      },
      required: ["value", "next"],
    };
    const value = generate({ $ref: "#/$defs/node", $defs: { node } });
    expect(JSON.stringify(value)).toMatch(/^\{"value":1,"next":.*null\}+$/);
  });

  it.each([
    { type: "object", properties: { a: { $ref: "#" }, b: { $ref: "#" } }, required: ["a", "b"] },
    { allOf: [{ $ref: "#" }, { $ref: "#" }] },
  ])("is given up where %j never ends", (schema) => {
    expect(JSON.stringify(generate(schema)).length).toBeLessThan(100_000);
  });

  it("has what allOf adds", () => {
    const part = (name: string) => ({ properties: { [name]: { type: "integer" } }, required: [name] });
    expect(generate({ type: "object", allOf: [part("a"), part("b")] })).toEqual({ a: 1, b: 1 });
  });
});

it.each([
  "^\\d{4}-\\d{2}-\\d{2}$",
  "^(foo|bar)+$",
  "^(?:[a-f0-9]{8})-[^x]+?\\.txt$",
  "^\\w+@\\w+\\.com$",
  "a{2,5}b?",
  "",
])("finds a text that matches %j", (pattern) => {
  expect(generateMatching(pattern)).toMatch(new RegExp(pattern, "u"));
});

it.each(["(unclosed", "[", "^(?=never)x$", "^a{1}(?<!a)$"])("gives up on %j", (pattern) => {
  expect(generateMatching(pattern)).toBeUndefined();
});
