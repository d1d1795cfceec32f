import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileModelNames } from "./wildcard-name.ts";

const lookup = compileModelNames([
  { modelName: "*", model: "any-*" },
  { modelName: "moonshot/*", model: "*" },
  { modelName: "moonshot/kimi-*", model: "kimi-*" },
  { modelName: "moonshot/kimi-k3", model: "exact" },
  { modelName: "fo::*:static::*", model: "fo-*-*" },
  { modelName: "same", model: "one" },
  { modelName: "same", model: "two" },
  { modelName: "fixed-*", model: "always-this" },
]);

const modelsFor = (name: string) => lookup(name)?.members.map(({ model }) => model);

describe("a model name", () => {
  it.each([
    ["moonshot/kimi-k3", "moonshot/kimi-k3", ["exact"]],
    ["moonshot/kimi-k2.6", "moonshot/kimi-*", ["kimi-k2.6"]],
    ["moonshot/moonshot-v1-8k", "moonshot/*", ["moonshot-v1-8k"]],
    ["fo::a:static::b:c", "fo::*:static::*", ["fo-a-b:c"]],
    ["fixed-thing", "fixed-*", ["always-this"]],
    ["something", "*", ["any-something"]],
    ["same", "same", ["one", "two"]],
  ])("%s is served by %s", (name, modelName, models) => {
    expect(lookup(name)?.modelName).toBe(modelName);
    expect(modelsFor(name)).toEqual(models);
  });

  it("is matched as a whole, not by its beginning", () => {
    const anchored = compileModelNames([{ modelName: "a*z", model: "*" }]);
    expect(anchored("abz")?.members[0]?.model).toBe("b");
    expect(anchored("abzc")).toBeUndefined();
    expect(anchored("cabz")).toBeUndefined();
  });

  it("goes on to a wider pattern when the narrow one leaves no model id", () => {
    expect(modelsFor("moonshot/")).toEqual(["any-moonshot/"]);
  });

  it("takes characters of regular expressions for themselves", () => {
    const dotted = compileModelNames([{ modelName: "kimi-k2.6-*", model: "*" }]);
    expect(dotted("kimi-k2x6-a")).toBeUndefined();
  });

  it("does not let replacement patterns into a model id", () => {
    expect(modelsFor("moonshot/kimi-$&$1")).toEqual(["kimi-$&$1"]);
  });

  it("is refused in no time when it was made to be matched slowly", () => {
    const slow = compileModelNames([{ modelName: "*a*a*a*a*a*b", model: "*" }]);
    expect(slow("a".repeat(200_000))).toBeUndefined();
  });

  it("is matched and taken apart like an anchored, greedy regular expression", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(piece, piece, name, (left, right, asked) => {
        const pattern = `${left}*${right}`;
        const stars = pattern.split("*").length - 1;
        const marked = Array.from({ length: stars }, () => "<*>").join("");
        const match = compileModelNames([{ modelName: pattern, model: marked }])(asked);
        const expected = new RegExp(`^${pattern.replaceAll("*", "(.*)")}$`, "u").exec(asked);
        const captures = expected?.slice(1).map((text) => `<${text}>`);
        expect(match?.members[0]?.model).toBe(captures?.join(""));
      }),
    );
  });

  it("leads to the same place whatever the order of distinct patterns", () => {
    const entries = ["*", "a*", "ab*", "*b", "abc"].map((modelName) => ({ modelName, model: modelName }));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: 5 }), name, (shuffled, asked) => {
        fc.pre(!(asked.startsWith("a") && !asked.startsWith("ab") && asked.endsWith("b")));
        expect(compileModelNames(shuffled)(asked)?.modelName).toBe(
          compileModelNames(entries)(asked)?.modelName,
        );
      }),
    );
  });
});
