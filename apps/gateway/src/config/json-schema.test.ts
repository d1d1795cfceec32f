import { describe, expect, it } from "vitest";
import { z } from "zod";
import { configJsonSchema } from "./json-schema.ts";

const schema = configJsonSchema();
const accepts = (value: unknown) => z.fromJSONSchema(schema).safeParse(value).success;

const documented = {
  model_list: ["moonshot-v1-8k", "moonshot-v1-32k", "moonshot-v1-128k"].map((name) => ({
    model_name: name,
    litellm_params: { model: `moonshot/${name}`, api_key: "os.environ/MOONSHOT_API_KEY" },
  })),
};

const withParams = (params: object) => ({
  model_list: [{ model_name: "kimi", litellm_params: { model: "moonshot/kimi-k3", ...params } }],
});

describe("the published JSON Schema", () => {
  it("is draft 2020-12 with a title, and plain JSON", () => {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Perilune configuration",
      type: "object",
      additionalProperties: false,
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it("accepts the documented configuration", () => {
    expect(accepts(documented)).toBe(true);
  });

  it.each([
    ["a misspelled key", { modle_list: [] }],
    ["a misspelled parameter", withParams({ temprature: 1 })],
    ["text for a number", withParams({ timeout: "abc" })],
    ["an address that is not one", withParams({ api_base: "ftp://host" })],
    ["a missing model", { model_list: [{ model_name: "kimi", litellm_params: {} }] }],
  ])("refuses %s", (_, value) => {
    expect(accepts(value)).toBe(false);
  });

  it("lets a number, a switch, a choice and an address come from the environment", () => {
    const reference = "os.environ/NAME";
    const params = { timeout: reference, drop_params: reference, verbosity: reference, api_base: reference };
    expect(accepts(withParams(params))).toBe(true);
  });

  it("describes every key, strikes through what LiteLLM alone acts on and marks what has no effect yet", () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (property.description === undefined) undescribed.push(`${path}.${key}`);
      }
      for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
    };
    visit(schema, "");
    expect(undescribed).toEqual([]);
    const text = JSON.stringify(schema);
    expect(text).toContain('"deprecated":true');
    expect(text).toContain("Has no effect in this version.");
  });
});
