import { describe, expect, it } from "vitest";
import { parseJsonExactly as parseJson } from "@perilune/core";
import { takeGatewayFields } from "./gateway-fields.ts";

describe("the fields of a body", () => {
  it("are the very same object when none is meant for the gateway", () => {
    const body = { model: "chat", messages: [], unknown: 1 };
    expect(takeGatewayFields(body).fields).toBe(body);
  });

  it("lose what steers a proxy, on record", () => {
    const { fields, adjustments, timeoutSeconds } = takeGatewayFields({
      model: "chat",
      timeout: 3,
      num_retries: 2,
      tags: ["a"],
    });
    expect(fields).toEqual({ model: "chat" });
    expect(timeoutSeconds).toBe(3);
    expect(adjustments.map(({ parameter, action, effect }) => [parameter, action, effect])).toEqual([
      ["timeout", "removed", "spelling"],
      ["num_retries", "removed", "meaning"],
      ["tags", "removed", "spelling"],
    ]);
  });

  it("say of labels that they are kept from the provider, not that they are used", () => {
    const { adjustments } = takeGatewayFields({ metadata: { user: "x" }, tags: ["a"], timeout: 1 });
    expect(adjustments.map(({ reason }) => reason)).toEqual([
      "Kept from the provider; nothing here uses it yet.",
      "Kept from the provider; nothing here uses it yet.",
      "Addressed to the gateway, not to the model.",
    ]);
  });

  it("keep a key called __proto__", () => {
    const body = parseJson('{"timeout":1,"__proto__":{"a":1}}') as Record<string, unknown>;
    expect(JSON.stringify(takeGatewayFields(body).fields)).toBe('{"__proto__":{"a":1}}');
  });

  it.each(["api_base", "base_url", "api_key", "custom_llm_provider", "extra_headers"])(
    "are refused when %s would choose where a request goes or with which key",
    (field) => {
      expect(() => takeGatewayFields({ [field]: "x" })).toThrow(
        expect.objectContaining({ code: "invalid_request" }),
      );
    },
  );

  it.each([0, -1, "3", true, [], Number.NaN])("are refused when the timeout is %j", (timeout) => {
    expect(() => takeGatewayFields({ timeout })).toThrow("timeout: expected a positive number of seconds.");
  });

  it("take a timeout of null for none", () => {
    expect(takeGatewayFields({ timeout: null }).timeoutSeconds).toBeUndefined();
  });
});
