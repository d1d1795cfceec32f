import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { validateMfjs, validateToolParameters } from "@perilune/moonshot-simulator/mfjs";
import { describe, expect, it } from "vitest";
import { normalizeJsonSchema, normalizeToolParameters } from "./normalize-json-schema.ts";

const folder = fileURLToPath(new URL("../../fixtures/mfjs-validator-cases/", import.meta.url));
const validCases = globSync("*/valid.jsonl", { cwd: folder })
  .sort()
  .flatMap((file) =>
    readFileSync(`${folder}${file}`, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line, index) => ({ suite: file.split("/")[0], number: index + 1, line })),
  );

describe("a schema the provider accepts", () => {
  it.each(validCases)("$suite $number comes back as it was", ({ line }) => {
    const schema: unknown = JSON.parse(line);
    const result = normalizeJsonSchema(schema);
    expect(result.changes).toEqual([]);
    expect(result.schema).toBe(schema);
  });
});

const of = (value: unknown, rest: object = {}) => ({ type: "object", properties: { value }, ...rest });
const anyTypes = ["string", "number", "boolean", "object", "array", "null"];

const rewritings: readonly (readonly [string, unknown, unknown, string])[] = [
  ["a const", { const: "a" }, { type: "string", enum: ["a"] }, "const became an enum of one value"],
  [
    "an enum without a type",
    { enum: ["a", "b"] },
    { type: "string", enum: ["a", "b"] },
    "type was inferred from the values of enum",
  ],
  [
    "an enum of text and null",
    { enum: ["a", null] },
    { type: ["string", "null"], enum: ["a", null] },
    "type was inferred from the values of enum",
  ],
  [
    "an enum of several types",
    { enum: ["a", 1] },
    {
      anyOf: [
        { type: "string", enum: ["a"] },
        { type: "integer", enum: [1] },
      ],
    },
    "the list of types became anyOf with the keywords of each type",
  ],
  [
    "an enum that contradicts its type in part",
    { type: "string", enum: ["a", 1] },
    { type: "string", enum: ["a"] },
    "values of enum that type rules out were removed",
  ],
  [
    "properties without a type",
    { properties: {} },
    { type: "object", properties: {} },
    "type was inferred from properties",
  ],
  [
    "items without a type",
    { items: { type: "string" } },
    { type: "array", items: { type: "string" } },
    "type was inferred from items",
  ],
  [
    "a description alone",
    { description: "d" },
    { type: anyTypes, description: "d" },
    "type was missing: every type is now named",
  ],
  ["an empty schema", {}, { type: anyTypes }, "type was missing: every type is now named"],
  ["true", true, { type: anyTypes }, "the schema true became an object"],
  ["false", false, { type: "null", not: { type: "null" } }, "the schema false became an object"],
  [
    "nullable text",
    { type: "string", nullable: true },
    { type: ["string", "null"] },
    "nullable became the type null",
  ],
  [
    "nullable text with a length",
    { type: "string", minLength: 1, nullable: true, description: "d" },
    { description: "d", anyOf: [{ type: "string", minLength: 1 }, { type: "null" }] },
    "the list of types became anyOf with the keywords of each type",
  ],
  [
    "nullable: false",
    { type: "string", nullable: false },
    { type: "string" },
    "nullable: false says nothing and was removed",
  ],
  [
    "several types with keywords",
    { type: ["array", "null"], items: { type: "string" }, default: null },
    { default: null, anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
    "the list of types became anyOf with the keywords of each type",
  ],
  [
    "oneOf",
    { oneOf: [{ type: "string" }, { type: "null" }] },
    { anyOf: [{ type: "string" }, { type: "null" }] },
    "oneOf became anyOf: that only one branch may match is no longer said",
  ],
  [
    "type beside anyOf",
    { type: "string", anyOf: [{ minLength: 1 }, { maxLength: 9 }] },
    {
      anyOf: [
        { minLength: 1, type: "string" },
        { maxLength: 9, type: "string" },
      ],
    },
    "type beside anyOf moved into its branches",
  ],
  [
    "an object whose branches only require",
    {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string" } },
      additionalProperties: false,
      anyOf: [{ required: ["a"] }, { properties: { b: { minLength: 2 } }, required: ["b"] }],
    },
    {
      anyOf: [
        {
          required: ["a"],
          type: "object",
          properties: { a: { type: "string" }, b: { type: "string" } },
          additionalProperties: false,
        },
        {
          properties: { b: { minLength: 2, type: "string" }, a: { type: "string" } },
          required: ["b"],
          type: "object",
          additionalProperties: false,
        },
      ],
    },
    "type, properties, additionalProperties beside anyOf moved into its branches",
  ],
  [
    "a branch that contradicts its parent",
    { type: "string", anyOf: [{ minLength: 1 }, { type: "integer" }] },
    { anyOf: [{ minLength: 1, type: "string" }] },
    "branches of anyOf that contradict the keywords beside it were removed",
  ],
  [
    "a default on both sides of anyOf",
    { default: "a", anyOf: [{ type: "string", default: "b" }, { type: "null" }] },
    { default: "a", anyOf: [{ type: "string" }, { type: "null" }] },
    "annotations inside anyOf that also stand beside it were removed",
  ],
  [
    "a tuple",
    { type: "array", items: [{ type: "string" }, { type: "number" }], additionalItems: false },
    { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], maxItems: 2 },
    "the list in items became prefixItems",
  ],
  [
    "items: false",
    { type: "array", items: false },
    { type: "array", maxItems: 0 },
    "items: false became maxItems",
  ],
  [
    "items: true",
    { type: "array", items: true },
    { type: "array" },
    "items allowed everything and was removed",
  ],
  [
    "required without properties",
    { type: "object", required: ["a"] },
    { type: "object", required: ["a"], properties: { a: { type: anyTypes } } },
    "properties now declares the required a",
  ],
  [
    "required beside a schema for other properties",
    { type: "object", required: ["a"], additionalProperties: { type: "string" } },
    {
      type: "object",
      required: ["a"],
      additionalProperties: { type: "string" },
      properties: { a: { type: "string" } },
    },
    "properties now declares the required a",
  ],
  [
    "required naming a forbidden property",
    {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a", "b"],
      additionalProperties: false,
    },
    { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false },
    "required no longer names b: not among properties, and no others are allowed",
  ],
  [
    "allOf of plain schemas",
    {
      allOf: [
        { type: "string", minLength: 1 },
        { minLength: 2, maxLength: 5 },
      ],
    },
    { type: "string", minLength: 2, maxLength: 5 },
    "allOf was joined into one schema",
  ],
  [
    "allOf of objects one of which is closed",
    {
      allOf: [
        { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
        { type: "object", properties: { a: { minLength: 1 }, b: { type: "string" } } },
      ],
    },
    { type: "object", properties: { a: { type: "string", minLength: 1 } }, additionalProperties: false },
    "allOf was joined into one schema",
  ],
  [
    "allOf that cannot be told as one schema",
    { allOf: [{ type: "string", pattern: "^a" }, { pattern: "z$" }] },
    { type: "string", allOf: [{ type: "string", pattern: "^a" }, { pattern: "z$" }] },
    "type was inferred from allOf",
  ],
];

describe("a schema the provider refuses", () => {
  it.each(rewritings)("is repaired: %s", (_name, property, expected, change) => {
    const result = normalizeJsonSchema(of(property));
    expect(result.schema).toEqual(of(expected));
    expect(result.changes.map((one) => one.change)).toContain(change);
    expect(validateMfjs(result.schema, "live")).toBeUndefined();
  });

  it("names the place of every change", () => {
    const schema = {
      type: "object",
      properties: { list: { type: "array", items: { anyOf: [{ const: 1 }] } } },
    };
    expect(normalizeJsonSchema(schema).changes).toEqual([
      {
        path: "$.properties.list.items.anyOf[0]",
        kind: "const became enum",
        change: "const became an enum of one value",
      },
      {
        path: "$.properties.list.items.anyOf[0]",
        kind: "type added",
        change: "type was inferred from the values of enum",
      },
    ]);
  });

  it("loses its $schema", () => {
    const schema = { $schema: "http://json-schema.org/draft-07/schema#", type: "object" };
    expect(normalizeJsonSchema(schema)).toEqual({
      schema: { type: "object" },
      changes: [{ path: "$", kind: "$schema removed", change: "$schema was removed" }],
    });
  });
});

describe("references", () => {
  const repaired = (schema: unknown) => {
    const result = normalizeJsonSchema(schema);
    expect(validateMfjs(result.schema, "live")).toBeUndefined();
    return result.schema;
  };
  const text = { type: "string", minLength: 1, description: "there" };

  it("follow definitions to $defs", () => {
    expect(repaired(of({ $ref: "#/definitions/text" }, { definitions: { text } }))).toEqual(
      of({ $ref: "#/$defs/text" }, { $defs: { text } }),
    );
  });

  it("keep apart definitions and $defs of one name", () => {
    const schema = of(
      { anyOf: [{ $ref: "#/$defs/x" }, { $ref: "#/definitions/x" }] },
      { $defs: { x: { type: "string" } }, definitions: { x: { type: "null" } } },
    );
    expect(repaired(schema)).toEqual(
      of(
        { anyOf: [{ $ref: "#/$defs/x" }, { $ref: "#/$defs/x_2" }] },
        { $defs: { x: { type: "string" }, x_2: { type: "null" } } },
      ),
    );
  });

  it("to another property get a definition of their own", () => {
    const schema = { type: "object", properties: { a: text, b: { $ref: "#/properties/a" } } };
    expect(repaired(schema)).toEqual({
      type: "object",
      properties: { a: text, b: { $ref: "#/$defs/a" } },
      $defs: { a: text },
    });
  });

  it("with escapes get a plain name", () => {
    const schema = of({ $ref: "#/$defs/a~1b" }, { $defs: { "a/b": text } });
    expect(repaired(schema)).toEqual(of({ $ref: "#/$defs/a_b" }, { $defs: { a_b: text } }));
  });

  it("keep a description that their definition does not have", () => {
    const schema = of({ $ref: "#/$defs/x", description: "here" }, { $defs: { x: { type: "string" } } });
    expect(normalizeJsonSchema(schema).schema).toBe(schema);
  });

  it("stand in anyOf when the description beside them clashes", () => {
    expect(repaired(of({ $ref: "#/$defs/text", description: "here" }, { $defs: { text } }))).toEqual(
      of({ anyOf: [{ $ref: "#/$defs/text" }], description: "here" }, { $defs: { text } }),
    );
  });

  it("lose a type that only repeats the definition's", () => {
    expect(repaired(of({ $ref: "#/$defs/text", type: "string" }, { $defs: { text } }))).toEqual(
      of({ $ref: "#/$defs/text" }, { $defs: { text } }),
    );
  });

  it("are replaced by their definition joined with the restrictions beside them", () => {
    const uuid = { type: "string", minLength: 5, format: "uuid", description: "here", $ref: "#/$defs/text" };
    expect(repaired(of(uuid, { $defs: { text } }))).toEqual(
      of({ type: "string", minLength: 5, format: "uuid", description: "here" }, { $defs: { text } }),
    );
  });

  it("to a recursive definition keep the restrictions beside them under allOf", () => {
    const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
    expect(repaired(of({ $ref: "#/$defs/node", minProperties: 1 }, { $defs: { node } }))).toEqual(
      of({ type: "object", minProperties: 1, allOf: [{ $ref: "#/$defs/node" }] }, { $defs: { node } }),
    );
  });

  it("alone in allOf, as pydantic writes them, stand free", () => {
    const schema = of({ allOf: [{ $ref: "#/$defs/x" }], title: "t" }, { $defs: { x: { type: "string" } } });
    expect(repaired(schema)).toEqual(
      of({ $ref: "#/$defs/x", title: "t" }, { $defs: { x: { type: "string" } } }),
    );
  });

  it("inside data and property names are none", () => {
    const schema = of({ type: "object", default: { $ref: "#/definitions/none" } });
    expect(normalizeJsonSchema(schema).schema).toBe(schema);
  });

  it.each([
    ["https://example.com/schema.json", "cannot be expressed: $ref names another document"],
    ["#/$defs/none", "cannot be expressed: $ref names nothing in this document"],
    ["#anchor", "cannot be expressed: $ref names nothing in this document"],
  ])("to %s are left and reported", ($ref, change) => {
    const schema = of({ $ref });
    expect(normalizeJsonSchema(schema)).toEqual({
      schema,
      changes: [{ path: "$.properties.value", kind: "part of it left that cannot be expressed", change }],
    });
  });

  it("to definitions that double at every step do not make the schema explode", () => {
    const twice = (name: string) => ({
      type: "object",
      properties: { a: { $ref: name, minProperties: 1 }, b: { $ref: name, minProperties: 1 } },
    });
    const doubling = Array.from({ length: 40 }, (_, step) => [`d${step}`, twice(`#/$defs/d${step + 1}`)]);
    const schema = of({ $ref: "#/$defs/d0" }, { $defs: { ...Object.fromEntries(doubling), d40: text } });
    expect(JSON.stringify(normalizeJsonSchema(schema).schema).length).toBeLessThan(5_000_000);
  });

  it("that only name each other are left alone", () => {
    const schema = of(
      { $ref: "#/$defs/a" },
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    );
    expect(normalizeJsonSchema(schema).schema).toBe(schema);
  });
});

describe("what cannot be expressed is left and reported", () => {
  it.each([
    [
      "an enum outside its type",
      of({ type: "string", enum: [1] }),
      "$.properties.value",
      "cannot be expressed: type rules out every value of enum",
    ],
    [
      "a union outside its type",
      of({ type: "string", anyOf: [{ type: "null" }] }),
      "$.properties.value",
      "cannot be expressed: every branch of anyOf contradicts the keywords beside it",
    ],
    [
      "a property named $ref",
      { type: "object", properties: { $ref: { type: "string" } } },
      "$",
      "cannot be expressed: Moonshot takes a property named $ref for a reference",
    ],
    ["a schema that is not an object", [], "$", "cannot be expressed: the schema is not an object"],
  ])("%s", (_name, schema, path, change) => {
    const result = normalizeJsonSchema(schema);
    expect(result.schema).toBe(schema);
    expect(result.changes).toContainEqual({ path, kind: "part of it left that cannot be expressed", change });
  });

  it("a schema nested beyond any use", () => {
    let schema: object = { const: 1 };
    for (let level = 0; level < 1_000; level += 1) schema = { type: "array", items: schema };
    const result = normalizeJsonSchema(schema);
    expect(result.schema).toBe(schema);
    expect(result.changes.map((one) => one.change)).toEqual(["cannot be expressed: nested too deeply"]);
  });
});

describe("the parameters of a tool", () => {
  it.each([undefined, null])("that are %s are an object without properties", (parameters) => {
    const { schema, changes } = normalizeToolParameters(parameters);
    expect(schema).toEqual({ type: "object", properties: {} });
    expect(changes.map((one) => one.path)).toEqual(["$"]);
  });

  it("that are fine come back as they were", () => {
    const parameters = of({ type: "string" });
    expect(normalizeToolParameters(parameters)).toEqual({ schema: parameters, changes: [] });
    expect(normalizeToolParameters(parameters).schema).toBe(parameters);
  });

  it("keep type object at the root and the union beside it under allOf", () => {
    const anyOf = [{ required: ["a"] }, { required: ["b"] }];
    const properties = { a: { type: "string" }, b: { const: 1 } };
    const { schema } = normalizeToolParameters({ type: "object", properties, anyOf });
    expect(schema).toEqual({
      type: "object",
      properties: { a: { type: "string" }, b: { type: "integer", enum: [1] } },
      allOf: [{ anyOf }],
    });
    expect(validateToolParameters(schema)).toBeUndefined();
    expect(normalizeToolParameters(schema).changes).toEqual([]);
  });

  it("that are a union of objects get their type and keep the union under allOf", () => {
    const oneOf = [of({ type: "string" }), of({ type: "null" })];
    const { schema, changes } = normalizeToolParameters({ oneOf });
    expect(schema).toEqual({ type: "object", allOf: [{ anyOf: oneOf }] });
    expect(changes[0]?.change).toContain("oneOf moved into allOf");
    expect(validateToolParameters(schema)).toBeUndefined();
  });

  it("that are a reference to an object become that object", () => {
    const $defs = { input: of({ type: "string" }) };
    const { schema } = normalizeToolParameters({ $ref: "#/$defs/input", $defs });
    expect(schema).toEqual({ ...of({ type: "string" }), $defs });
    expect(validateToolParameters(schema)).toBeUndefined();
  });

  it.each([[{ type: "string" }], [{ anyOf: [{ type: "string" }, { type: "object" }] }], [{}], [true]])(
    "that are no object are left and reported: %j",
    (parameters) => {
      const { schema, changes } = normalizeToolParameters(parameters);
      expect(schema).toBe(parameters);
      expect(changes).toContainEqual({
        path: "$",
        kind: "part of it left that cannot be expressed",
        change: "cannot be expressed: the root is not of type object",
      });
    },
  );
});
