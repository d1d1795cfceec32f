import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import { chiSquared } from "../../../test/chi-squared.ts";
import type { Candidate } from "./candidate.ts";
import { seededDraws } from "./seeded-draws.ts";
import { sticky } from "./sticky.ts";

const homeOf = (candidates: Candidate<string>[], stickyKey: string, seed = 1) =>
  sticky(candidates, { stickyKey }, seededDraws(seed))[0]?.candidate.id;

const named = (count: number) =>
  Array.from({ length: count }, (_, index) => candidate(`acme/model#${index}`));
const keys = Array.from({ length: 20_000 }, (_, index) => `["user-${index}"]`);

describe("sticky", () => {
  it("sends a key to the same target every time, whatever chance says and however the targets are listed", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.shuffledSubarray(named(8), { minLength: 8 }),
        fc.integer(),
        (key, all, seed) => {
          expect(homeOf(all, key, seed)).toBe(homeOf(named(8), key));
        },
      ),
    );
  });

  it("moves only the keys that a new target takes, about one in n", () => {
    const [before, after] = [named(9), named(10)];
    const moved = keys.filter((key) => homeOf(before, key) !== homeOf(after, key));
    expect(moved.every((key) => homeOf(after, key) === "acme/model#9")).toBe(true);
    expect(moved.length / keys.length).toBeGreaterThan(0.09);
    expect(moved.length / keys.length).toBeLessThan(0.11);
  });

  it("never moves a key between two targets that stay", () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(ids, fc.string(), (all, key) => {
        const candidates = all.map((id) => candidate(id));
        const home = homeOf(candidates, key);
        const [added, ...others] = candidates;
        expect([homeOf(others, key), added!.id]).toContain(home);
      }),
    );
  });

  it("moves the keys of a target that is out to where they stand second, and back when it returns", () => {
    const all = named(5);
    for (const key of keys.slice(0, 500)) {
      const [home, second] = sticky(all, { stickyKey: key }, seededDraws(1));
      expect(
        homeOf(
          all.filter((one) => one !== home!.candidate),
          key,
        ),
      ).toBe(second!.candidate.id);
    }
  });

  it("gives each target keys by its weight", () => {
    const weights = [1, 2, 3, 4];
    const candidates = weights.map((weight, index) => candidate(`t${index}`, { weight }));
    const counts = [0, 0, 0, 0];
    for (const key of keys) counts[Number(homeOf(candidates, key)!.slice(1))]!++;
    expect(chiSquared(counts, weights)).toBeLessThan(16.3);
  });

  it("gives a target of weight 0 no key", () => {
    expect(homeOf([candidate("a", { weight: 0 }), candidate("b")], "k")).toBe("b");
  });

  it("sends a request without a key anywhere", () => {
    const homes = Array.from(
      { length: 30 },
      (_, seed) => sticky([candidate("a"), candidate("b")], {}, seededDraws(seed))[0]!.candidate.id,
    );
    expect(new Set(homes)).toEqual(new Set(["a", "b"]));
  });
});
