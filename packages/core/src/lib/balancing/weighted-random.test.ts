import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import { chiSquared } from "../../../test/chi-squared.ts";
import { seededDraws } from "./seeded-draws.ts";
import { weightedRandom } from "./weighted-random.ts";

describe("weighted random", () => {
  it("puts each target first as often as its weight says", () => {
    const weights = [1, 2, 7];
    const candidates = weights.map((weight, index) => candidate(`t${index}`, { weight }));
    const draw = seededDraws(7);
    const firsts = [0, 0, 0];
    for (let pick = 0; pick < 100_000; pick++) {
      const index = candidates.indexOf(weightedRandom(candidates, {}, draw)[0]!.candidate);
      firsts[index] = firsts[index]! + 1;
    }
    expect(chiSquared(firsts, weights)).toBeLessThan(13.8);
  });

  it("orders those left after the first by their weights as well", () => {
    const candidates = [
      candidate("big", { weight: 100 }),
      candidate("one"),
      candidate("three", { weight: 3 }),
    ];
    const draw = seededDraws(8);
    const seconds = { one: 0, three: 0 };
    for (let pick = 0; pick < 20_000; pick++) {
      const [first, second] = weightedRandom(candidates, {}, draw);
      if (first!.candidate.id === "big") seconds[second!.candidate.id as "one" | "three"]++;
    }
    expect(chiSquared([seconds.one, seconds.three], [1, 3])).toBeLessThan(10.8);
  });

  it("gives back everyone with a positive weight exactly once, and nobody else", () => {
    const weight = fc.oneof(fc.constantFrom(0, -1, Number.NaN, 1e-9, 1e9), fc.double({ min: 0, max: 100 }));
    fc.assert(
      fc.property(fc.array(weight, { maxLength: 12 }), fc.integer(), (weights, seed) => {
        const candidates = weights.map((value, index) => candidate(`t${index}`, { weight: value }));
        const ranked = weightedRandom(candidates, {}, seededDraws(seed)).map((one) => one.candidate.id);
        const expected = candidates.filter((one) => one.weight > 0).map(({ id }) => id);
        expect(ranked.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it("is not thrown by a draw of exactly 0", () => {
    const ranked = weightedRandom([candidate("a"), candidate("b")], {}, () => 0);
    expect(ranked.map((one) => one.candidate.id)).toEqual(["a", "b"]);
  });
});
