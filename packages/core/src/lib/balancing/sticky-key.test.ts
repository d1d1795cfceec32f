import { describe, expect, it } from "vitest";
import { stickyKey } from "./sticky-key.ts";

const request = { metadata: { user: "u1", session: "s1", nothing: null }, params: { seed: 7 } };

describe("the sticky key of a request", () => {
  it.each([
    ["one field", ["metadata.user"], '["u1"]'],
    ["several fields, in their order", ["metadata.session", "metadata.user"], '["s1","u1"]'],
    ["a number", ["params.seed"], "[7]"],
    ["some fields missing", ["metadata.user", "metadata.team"], '["u1",null]'],
    ["all fields missing", ["metadata.team", "metadata.user.name"], undefined],
    ["a field that is null", ["metadata.nothing"], undefined],
    ["a field that only every object has", ["metadata.constructor"], undefined],
    ["no fields", [], undefined],
  ])("with %s", (_, fields, key) => {
    expect(stickyKey(fields, request)).toBe(key);
  });

  it("keeps values apart that read the same when joined", () => {
    expect(stickyKey(["a", "b"], { a: "x", b: "yz" })).not.toBe(stickyKey(["a", "b"], { a: "xy", b: "z" }));
  });
});
