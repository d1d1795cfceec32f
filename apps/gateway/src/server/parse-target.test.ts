import { expect, test } from "vitest";
import { parseTarget } from "./parse-target.ts";

test.each([
  ["/", "/", ""],
  ["/v1/chat/completions", "/v1/chat/completions", ""],
  ["/v1/models?limit=2&after=a/b?c", "/v1/models", "limit=2&after=a/b?c"],
  ["/v1/models/org%3Amodel@1", "/v1/models/org%3Amodel@1", ""],
  ["/v1/models/moonshot%2Fkimi-k3", "/v1/models/moonshot%2Fkimi-k3", ""],
  ["/v1/models/kimi-k2.5", "/v1/models/kimi-k2.5", ""],
  ["/v1/files/...", "/v1/files/...", ""],
])("reads %s", (target, path, query) => {
  expect(parseTarget(target, 100)).toEqual({ path, query });
});

test.each([
  ["", "is not of the form /path?query"],
  ["*", "is not of the form /path?query"],
  ["v1/models", "is not of the form /path?query"],
  ["http://evil/v1", "is not of the form /path?query"],
  ["//evil/v1", "has an empty segment in its path"],
  ["/v1//models", "has an empty segment in its path"],
  ["/v1/./models", "has a dot segment in its path"],
  ["/v1/..", "has a dot segment in its path"],
  ["/v1/%2e%2E/admin", "has a dot segment in its path"],
  ["/v1/.%2e?x", "has a dot segment in its path"],
  ["/v1%5cmodels", "has a backslash in its path"],
  [String.raw`/v1\models`, "has a backslash in its path"],
  ["/v1/%00", "has an encoded NUL in its path"],
  ["/v1/%zz", "has an invalid percent-encoding in its path"],
  ["/v1/%4", "has an invalid percent-encoding in its path"],
  ["/v1#admin", "has a fragment in its path"],
  ["/v1/m\u00e9", "has a character outside printable ASCII in its path"],
  ["/v1?a#b", "has a forbidden character in its query"],
])("refuses %j, which %s", (target, problem) => {
  expect(() => parseTarget(target, 100)).toThrow(
    expect.objectContaining({ status: 400, message: `The request target ${problem}.` }),
  );
});

test("refuses a target longer than the limit with 414", () => {
  expect(() => parseTarget("/12345", 5)).toThrow(expect.objectContaining({ status: 414 }));
});
