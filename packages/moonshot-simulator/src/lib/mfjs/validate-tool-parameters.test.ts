import { expect, it } from "vitest";
import { validateToolParameters } from "./validate-tool-parameters.ts";

it("takes an object schema", () => {
  expect(validateToolParameters({ type: "object", properties: {} })).toBeUndefined();
});

it.each([
  ["nothing", undefined],
  ["a boolean", true],
  ["an empty schema", {}],
  ["a string schema", { type: "string" }],
  ["a union without a type", { anyOf: [{ type: "object" }] }],
])("wants a root of type object instead of %s", (_name, parameters) => {
  expect(validateToolParameters(parameters)).toBe(
    'tools.function.parameters.type is required and must be "object"',
  );
});

it("names the path and the complaint inside the endpoint's sentence", () => {
  expect(validateToolParameters({ type: "object", properties: { X: {} } })).toBe(
    "tools.function.parameters is not a valid moonshot flavored json schema, details: <At path 'properties.X': type is not defined>",
  );
});
