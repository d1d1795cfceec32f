import { expect, test } from "vitest";
import { collectHeaders } from "./collect-headers.ts";

test("knows headers by lower-case name", () => {
  expect(collectHeaders(["Content-Type", "application/json", "X-A", "b"])).toEqual({
    "content-type": "application/json",
    "x-a": "b",
  });
});

test("joins lists, and cookies with a semicolon", () => {
  const headers = collectHeaders(["Accept", "a", "accept", "b", "Cookie", "c=1", "Cookie", "d=2"]);
  expect(headers).toEqual({ accept: "a, b", cookie: "c=1; d=2" });
});

test.each([
  "Authorization",
  "X-Api-Key",
  "api-key",
  "x-portkey-config",
  "X-Portkey-Metadata",
  "Content-Type",
  "Content-Length",
  "Host",
])("refuses a second %s, even an equal one", (name) => {
  expect(() => collectHeaders([name, "a", name.toUpperCase(), "a"])).toThrow(
    expect.objectContaining({ status: 400, code: "duplicate_header", parameter: name.toLowerCase() }),
  );
});

test("takes a header called __proto__ for a name like any other", () => {
  const headers = collectHeaders(["__proto__", "polluted"]);
  expect(Object.keys(headers)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(headers)).toBeNull();
});
