import { isDeepStrictEqual } from "node:util";
import { validateMfjs, validateToolParameters } from "@perilune/moonshot-simulator/mfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeJsonSchema, normalizeToolParameters } from "./normalize-json-schema.ts";

type Json = Record<string, unknown>;

const names = ["a", "b", "c"] as const;
const definitionNames = ["plain", "shape", "list", "tree"] as const;

const scalar = fc.constantFrom<unknown>("", "x", "long text", 0, 1, 2.5, true, null);
const instances: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const record = (model: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record(Object.fromEntries(Object.entries(model).map(([key, value]) => [key, optional(value)])))
    .map((schema) => Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined)));
const typed = (type: unknown, model: Record<string, fc.Arbitrary<unknown>>) =>
  record(model).map((rest): Json => ({ type, ...rest }));

const notes = { description: fc.constant("d"), default: fc.constant(null), title: fc.constant("t") };
const bound = fc.nat(3);
const reference = fc.constantFrom(...definitionNames).map((name) => `#/definitions/${name}`);

/** What zod, pydantic, OpenAPI generators and hand-written tools send. */
const { schema: schemas } = fc.letrec<{ schema: unknown; union: Json }>((tie) => {
  const schema = tie("schema");
  const lists = fc.array(schema, { minLength: 1, maxLength: 3 });
  const properties = fc.dictionary(fc.constantFrom(...names), schema, { maxKeys: 3, noNullPrototype: true });
  const objectModel = {
    properties,
    additionalProperties: fc.oneof(fc.boolean(), schema),
    minProperties: bound,
    ...notes,
  };
  const objects = fc
    .tuple(typed("object", objectModel), fc.subarray([...names]))
    .map(([object, required]): Json => {
      const known = Object.keys(object["properties"] ?? {});
      // Naming what is forbidden is the one demand that gets dropped; a test of its own shows that.
      const allowed =
        object["additionalProperties"] === false ? required.filter((n) => known.includes(n)) : required;
      return allowed.length === 0 ? object : { ...object, required: allowed };
    });
  return {
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      typed("string", { minLength: bound, maxLength: bound, nullable: fc.boolean(), ...notes }),
      typed("number", { minimum: bound, maximum: bound, nullable: fc.boolean(), ...notes }),
      typed(["integer", "null"], { minimum: bound, ...notes }),
      record({ const: scalar, ...notes }).filter((one) => "const" in one),
      fc.array(scalar, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
      fc.boolean(),
      fc.constant({}),
      objects,
      typed(["object", "null"], objectModel),
      typed("array", { items: fc.oneof(fc.boolean(), schema), minItems: bound, maxItems: bound, ...notes }),
      typed("array", { items: lists, additionalItems: fc.oneof(fc.boolean(), schema), maxItems: bound }),
      tie("union"),
      fc.tuple(objects, lists).map(([object, anyOf]) => ({ ...object, anyOf })),
      fc.tuple(objects, objects).map(([first, second]) => ({ allOf: [first, second] })),
      fc.tuple(reference, record(notes)).map(([$ref, rest]) => ({ $ref, ...rest })),
      fc.tuple(reference, objects).map(([$ref, rest]) => ({ ...rest, $ref })),
      fc.tuple(reference, record(notes)).map(([$ref, rest]) => ({ allOf: [{ $ref }], ...rest })),
    ),
    union: fc
      .tuple(fc.constantFrom("anyOf", "oneOf"), lists, record({ nullable: fc.boolean(), ...notes }))
      .map(([keyword, branches, rest]): Json => ({ [keyword]: branches, ...rest })),
  };
});

const documents = fc
  .record({
    properties: fc.dictionary(fc.constantFrom(...names), schemas, { maxKeys: 3, noNullPrototype: true }),
    plain: schemas,
    shape: schemas,
  })
  .map(({ properties, plain, shape }): Json => {
    const tree = { type: "object", properties: { a: { $ref: "#/definitions/tree", minProperties: 1 } } };
    const list = { type: "array", items: { $ref: "#/definitions/tree" } };
    return {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties,
      definitions: { plain, shape, list, tree },
    };
  })
  .filter((document) => !isContradictory(document) && !isTangled(document));

// Demands that contradict one another are authoring errors, which the reports name; the rest must be exact.
function isContradictory(document: Json): boolean {
  return normalizeJsonSchema(document).changes.some(
    ({ change }) => change.startsWith("cannot be expressed") || change.startsWith("required no longer names"),
  );
}

// `tree` and `list` are the recursion here; definitions that need one another at random may admit no finite document.
function isTangled(document: Json): boolean {
  const { plain, shape } = document["definitions"] as Json;
  return /definitions\/(plain|shape)/.test(JSON.stringify([plain, shape]));
}

describe("whatever a client sends", () => {
  it("is valid afterwards", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(validateMfjs(normalizeJsonSchema(document).schema, "live")).toBeUndefined();
        expect(validateToolParameters(normalizeToolParameters(document).schema)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it("does not change a second time", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = normalizeJsonSchema(document).schema;
        const twice = normalizeJsonSchema(once);
        expect(twice.changes).toEqual([]);
        expect(twice.schema).toBe(once);
      }),
      { numRuns: 400 },
    );
  });

  it("is not touched itself", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const before = structuredClone(document);
        normalizeJsonSchema(document);
        expect(document).toEqual(before);
      }),
    );
  });

  it("means what it meant", () => {
    fc.assert(
      fc.property(documents, fc.array(instances, { minLength: 5, maxLength: 20 }), (document, values) => {
        const { schema } = normalizeJsonSchema(document);
        for (const [name, property] of Object.entries(document["properties"] as Json)) {
          const after = ((schema as Json)["properties"] as Json)[name];
          const verdicts = values.map((value) => satisfies(value, after, schema as Json));
          expect(verdicts).toEqual(values.map((value) => satisfies(value, property, document)));
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** Judges the keywords of the generator; `oneOf` as `anyOf`, which is what it becomes. */
function satisfies(value: unknown, schema: unknown, document: Json): boolean {
  if (typeof schema === "boolean") return schema;
  const { nullable, ...rest } = schema as Json;
  const composed = ["$ref", "anyOf", "oneOf", "allOf"].some((keyword) => keyword in rest);
  if (nullable === true && value === null && (composed || "type" in rest)) return true;
  const judge = (child: unknown) => satisfies(value, child, document);
  return Object.entries(rest).every(([keyword, demand]) => {
    const list = demand as readonly unknown[];
    if (keyword === "$ref") return judge(lookUp(document, String(demand)));
    if (keyword === "type") return [demand].flat().some((type) => hasType(value, type));
    if (keyword === "enum") return list.some((one) => isDeepStrictEqual(one, value));
    if (keyword === "const") return isDeepStrictEqual(demand, value);
    if (keyword === "anyOf" || keyword === "oneOf") return list.some(judge);
    if (keyword === "allOf") return list.every(judge);
    if (keyword === "not") return !judge(demand);
    return meetsBound(value, keyword, demand) && meetsStructure(value, keyword, rest, document);
  });
}

function lookUp(document: Json, pointer: string): unknown {
  const [, holder = "", name = ""] = pointer.split("/");
  return (document[holder] as Json)[name];
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function meetsBound(value: unknown, keyword: string, limit: unknown): boolean {
  const [type, measure] = {
    Length: ["string", (one: unknown) => (one as string).length] as const,
    Items: ["array", (one: unknown) => (one as unknown[]).length] as const,
    Properties: ["object", (one: unknown) => Object.keys(one as Json).length] as const,
    imum: ["number", Number] as const,
  }[keyword.slice(3)] ?? ["none", Number];
  if (typeof limit !== "number" || !hasType(value, type)) return true;
  return keyword.startsWith("min") ? measure(value) >= limit : measure(value) <= limit;
}

function meetsStructure(value: unknown, keyword: string, schema: Json, document: Json): boolean {
  const judge = (one: unknown, child: unknown) => satisfies(one, child ?? true, document);
  if (Array.isArray(value)) {
    if (keyword !== "items" && keyword !== "prefixItems") return true;
    const isTuple = Array.isArray(schema["items"]);
    const prefix = ((isTuple ? schema["items"] : schema["prefixItems"]) ?? []) as readonly unknown[];
    const others = isTuple ? schema["additionalItems"] : schema["items"];
    return value.every((one, index) => judge(one, index < prefix.length ? prefix[index] : others));
  }
  if (!hasType(value, "object")) return true;
  const object = value as Json;
  const properties = (schema["properties"] ?? {}) as Json;
  if (keyword === "required") return (schema["required"] as string[]).every((name) => name in object);
  if (keyword !== "properties" && keyword !== "additionalProperties") return true;
  return Object.entries(object).every(([name, one]) =>
    judge(one, name in properties ? properties[name] : schema["additionalProperties"]),
  );
}
