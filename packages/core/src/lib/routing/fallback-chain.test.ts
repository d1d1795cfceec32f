import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fallbackChain, fallbackRules } from "./fallback-chain.ts";

const names = ["a", "b", "c", "d", "e"];

describe("a chain of fallbacks", () => {
  it("begins with its name, meets each name once and ends, whatever the rules", () => {
    const written = fc.dictionary(fc.constantFrom(...names, "*"), fc.array(fc.constantFrom(...names)));
    fc.assert(
      fc.property(written, fc.constantFrom(...names), fc.nat(6), (targetsByName, name, maxDepth) => {
        const rules = Object.entries(targetsByName).map(([modelName, targets]) => ({
          modelName,
          targets,
          place: [],
        }));
        const chain = fallbackChain(
          name,
          fallbackRules(rules, () => undefined),
          maxDepth,
        );
        expect(chain[0]).toBe(name);
        expect(new Set(chain).size).toBe(chain.length);
      }),
    );
  });

  it("joins several rules for one name", () => {
    const rules = ["b", "c"].map((target) => ({ modelName: "a", targets: [target], place: [] }));
    expect(
      fallbackChain(
        "a",
        fallbackRules(rules, () => undefined),
        5,
      ),
    ).toEqual(["a", "b", "c"]);
  });
});
