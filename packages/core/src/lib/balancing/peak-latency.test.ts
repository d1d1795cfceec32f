import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import type { Candidate } from "./candidate.ts";
import { peakLatency } from "./peak-latency.ts";
import { seededDraws } from "./seeded-draws.ts";

const firsts = (candidates: Candidate<string>[], picks = 3_000) => {
  const draw = seededDraws(5);
  const counts = new Map(candidates.map(({ id }) => [id, 0]));
  for (let pick = 0; pick < picks; pick++) {
    const { id } = peakLatency(candidates, {}, draw)[0]!.candidate;
    counts.set(id, counts.get(id)! + 1);
  }
  return Object.fromEntries(counts);
};

describe("peak-sensitive latency with two random choices", () => {
  it("takes the faster of two", () => {
    const candidates = [
      candidate("fast", { firstTokenMsPerToken: 0.2 }),
      candidate("slow", { firstTokenMsPerToken: 2 }),
    ];
    expect(firsts(candidates)).toEqual({ fast: 3_000, slow: 0 });
  });

  it("takes the slower one when the faster is busy enough", () => {
    const candidates = [
      candidate("fast", { firstTokenMsPerToken: 0.2, inFlight: 10 }),
      candidate("slow", { firstTokenMsPerToken: 2 }),
    ];
    expect(firsts(candidates)).toEqual({ fast: 0, slow: 3_000 });
  });

  it("never sends everybody to one target: of three, the fastest is in two of three pairs", () => {
    const counts = firsts([
      candidate("a", { firstTokenMsPerToken: 1 }),
      candidate("b", { firstTokenMsPerToken: 2 }),
      candidate("c", { firstTokenMsPerToken: 3 }),
    ]);
    expect(counts["a"]! / 3_000).toBeCloseTo(2 / 3, 1);
    expect(counts["b"]! / 3_000).toBeCloseTo(1 / 3, 1);
    expect(counts["c"]).toBe(0);
  });

  it("tries an idle target that nobody has measured", () => {
    expect(firsts([candidate("new"), candidate("fast", { firstTokenMsPerToken: 0.1 })])).toEqual({
      new: 3_000,
      fast: 0,
    });
  });

  it("does not send everybody to a new target while its first answer is awaited", () => {
    const candidates = [candidate("new", { inFlight: 1 }), candidate("known", { firstTokenMsPerToken: 0.1 })];
    expect(firsts(candidates)).toEqual({ new: 0, known: 3_000 });
  });

  it("chooses the less busy of two that nobody has measured", () => {
    expect(firsts([candidate("busy", { inFlight: 4 }), candidate("idle", { inFlight: 1 })])).toEqual({
      busy: 0,
      idle: 3_000,
    });
  });

  it("gives everybody back exactly once", () => {
    const known = fc.record({
      inFlight: fc.nat({ max: 20 }),
      firstTokenMsPerToken: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    const unknown = fc.record({ inFlight: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(known, unknown), { maxLength: 10 }), fc.integer(), (all, seed) => {
        const candidates = all.map((more, index) => candidate(`t${index}`, more));
        const ranked = peakLatency(candidates, {}, seededDraws(seed)).map((one) => one.candidate.id);
        expect(ranked.toSorted()).toEqual(candidates.map(({ id }) => id).toSorted());
      }),
    );
  });
});
