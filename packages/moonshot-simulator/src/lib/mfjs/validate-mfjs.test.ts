import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { validateMfjs, validateMfjsText } from "./validate-mfjs.ts";

const folder = fileURLToPath(new URL("../../../fixtures/mfjs-validator-cases/", import.meta.url));

function linesOf(name: string) {
  return globSync(`*/${name}`, { cwd: folder })
    .sort()
    .flatMap((file) =>
      readFileSync(`${folder}${file}`, "utf8")
        .split("\n")
        .map((text, index) => ({ suite: file.split("/")[0], line: index + 1, text }))
        .filter(({ text }) => text !== ""),
    );
}

const valid = linesOf("valid.jsonl");
const invalid = linesOf("invalid.jsonl").map(({ text, ...place }) => {
  // A line of a recorded file whose form its FORMAT.txt states.
  const recorded = JSON.parse(text) as { schema: string; expect: string; unmarshal: boolean };
  return { ...place, ...recorded };
});

describe("the provider's own cases", () => {
  it("are all here", () => {
    expect(valid.length + invalid.length).toBe(395);
  });

  it.each(valid)("$suite valid line $line passes", ({ text }) => {
    expect(validateMfjsText(text)).toBeUndefined();
  });

  it.each(invalid)("$suite invalid line $line is refused: $expect", ({ schema, expect: complaint }) => {
    expect(validateMfjsText(schema)?.message).toContain(complaint);
  });

  it.each(invalid.filter(({ unmarshal }) => unmarshal))(
    "$suite invalid line $line does not even parse as a schema",
    ({ schema }) => {
      expect(validateMfjsText(schema)).toEqual({ path: "root", message: "JSON schema parsing error" });
    },
  );
});

const object = (property: unknown, rest: object = {}) => ({
  type: "object",
  properties: { value: property },
  ...rest,
});

describe("the live endpoint", () => {
  it.each([
    ["enum", { type: "string", enum: ["a"] }],
    ["pattern", { type: "string", pattern: "^a" }],
    ["format", { type: "string", format: "date" }],
    ["additionalProperties", { type: "object", additionalProperties: { type: "string" } }],
    ["contains", { type: "array", contains: { type: "string" } }],
    ["if/then/else", JSON.parse('{"type":"object","if":{},"then":{},"else":{}}')],
    ["allOf", { type: "object", allOf: [{ type: "object" }] }],
    ["not", { type: "string", not: { type: "null" } }],
    ["dependentRequired", { type: "object", dependentRequired: { a: ["b"] } }],
    ["type arrays", { type: ["string", "null"] }],
    ["prefixItems", { type: "array", prefixItems: [{ type: "string" }] }],
    ["minItems", { type: "array", minItems: 1 }],
  ])("accepts %s", (_keyword, schema) => {
    expect(validateMfjs(object(schema), "live")).toBeUndefined();
  });

  it("accepts $schema and a local $ref", () => {
    const schema = object(
      { $ref: "#/$defs/name" },
      { $schema: "https://json-schema.org/draft/2020-12/schema", $defs: { name: { type: "string" } } },
    );
    expect(validateMfjs(schema, "live")).toBeUndefined();
  });

  it.each([
    ["an untyped property", object({ description: "x" }), "properties.value", "type is not defined"],
    [
      "type beside anyOf",
      object({ type: "string", anyOf: [{ minLength: 1 }] }),
      "properties.value",
      "when using anyOf, type should be defined in anyOf items instead of the parent schema",
    ],
    [
      "a tuple in items",
      object({ type: "array", items: [{ type: "string" }] }),
      "properties.value.items",
      "items must be an object",
    ],
    [
      "items: false",
      object({ type: "array", items: false }),
      "properties.value.items",
      "items must be an object",
    ],
    ["a boolean property", object(true), "properties", "property schema for 'value' must be an object"],
    [
      "required naming an undefined property",
      object({ type: "string" }, { required: ["other"] }),
      "required",
      "required property 'other' is not defined in properties",
    ],
    [
      "a reference to another document",
      object({ $ref: "https://example.com/s.json" }),
      "properties.value.$ref",
      "references must start with #/$defs/",
    ],
    [
      "a reference without definitions",
      object({ $ref: "#/$defs/Missing" }),
      "properties.value.$ref",
      "$defs not found for reference: #/$defs/Missing",
    ],
    [
      "a description on both ends of a reference",
      object(
        { $ref: "#/$defs/name", description: "here" },
        { $defs: { name: { type: "string", description: "there" } } },
      ),
      "properties.value",
      "conflicting keywords found after $ref expansion: description",
    ],
    [
      "a keyword beside anyOf and inside it",
      object({ default: "a", anyOf: [{ type: "string", default: "a" }, { type: "null" }] }),
      "properties.value",
      "conflicting keywords found in anyOf with parent: keywords (default) are defined on the parent schema and inside anyOf; remove them from the parent or from anyOf branches",
    ],
    [
      "a property called $ref",
      { type: "object", properties: { $ref: { type: "string" } } },
      "properties.$ref",
      "$ref must be a string",
    ],
  ])("refuses %s", (_name, schema, path, message) => {
    expect(validateMfjs(schema, "live")).toEqual({ path, message });
  });

  it("lets an empty array end a recursion that the published cases call infinite", () => {
    const schema = {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#" } } },
      required: ["children"],
    };
    expect(validateMfjs(schema, "live")).toBeUndefined();
    expect(validateMfjs(schema, "cases")?.message).toContain("infinite recursion");
  });

  it("refuses a recursion in which one required property never ends", () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, next: { $ref: "#" } },
      required: ["name", "next"],
    };
    expect(validateMfjs(schema, "live")?.message).toContain("infinite recursion");
  });

  it("gives up on a reference graph that doubles at every step", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [
        `d${index}`,
        {
          anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }],
        },
      ]),
    );
    const schema = object({ $ref: "#/$defs/d0" }, { $defs: { ...$defs, d25: { type: "string" } } });
    expect(validateMfjs(schema, "live")?.message).toContain("too complex");
  });

  it.each([
    ["120000 characters", { type: "string", description: "x".repeat(120_000) }, "maximum allowed size"],
    [
      "3000 property names",
      {
        type: "object",
        properties: Object.fromEntries(Array.from({ length: 3_001 }, (_, i) => [`p${i}`, { type: "null" }])),
      },
      "total number of properties keys(3001)",
    ],
    ["500 branches", { anyOf: Array.from({ length: 501 }, () => ({ type: "null" })) }, "1-500 items"],
    ["30 levels", nested(31), "schema depth exceeds maximum limit of 30"],
  ])("refuses more than %s", (_limit, schema, message) => {
    expect(validateMfjs(schema, "live")?.message).toContain(message);
  });

  it("accepts 30 levels", () => {
    expect(validateMfjs(nested(30), "live")).toBeUndefined();
  });
});

function nested(levels: number): object {
  return levels === 0 ? { type: "string" } : object(nested(levels - 1));
}
