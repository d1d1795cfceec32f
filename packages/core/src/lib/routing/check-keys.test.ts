import { describe, expect, it } from "vitest";
import { checkKeys } from "./check-keys.ts";

describe("keys that are not known", () => {
  it("are all reported, each where it stands", () => {
    expect(checkKeys({ wieght: 1, name: "x", zebra: 2 }, ["config"], ["weight", "name"])).toEqual([
      {
        place: ["config", "wieght"],
        path: "config.wieght",
        message: 'unknown key "wieght"',
        suggestion: "weight",
      },
      {
        place: ["config", "zebra"],
        path: "config.zebra",
        message: 'unknown key "zebra", expected one of weight, name',
      },
    ]);
  });

  it.each([null, [1], "text", 3, undefined])("are not looked for in %j", (value) => {
    expect(checkKeys(value, [], ["a"])).toEqual([]);
  });
});
