import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import { leastInFlight } from "./least-in-flight.ts";
import { seededDraws } from "./seeded-draws.ts";

const order = (candidates: ReturnType<typeof candidate>[], seed = 1) =>
  leastInFlight(candidates, {}, seededDraws(seed)).map((one) => one.candidate.id);

describe("least in flight", () => {
  it("puts the least busy first", () => {
    const busy = [
      candidate("a", { inFlight: 3 }),
      candidate("b", { inFlight: 1 }),
      candidate("c", { inFlight: 2 }),
    ];
    expect(order(busy)).toEqual(["b", "c", "a"]);
  });

  it("counts what is under way against the weight", () => {
    expect(order([candidate("a", { inFlight: 3 }), candidate("b", { inFlight: 4, weight: 2 })])).toEqual([
      "b",
      "a",
    ]);
  });

  it("leaves ties to chance", () => {
    const firsts = new Set(
      Array.from({ length: 20 }, (_, seed) => order([candidate("a"), candidate("b")], seed)[0]),
    );
    expect(firsts).toEqual(new Set(["a", "b"]));
  });

  it("keeps simulated targets equally busy", () => {
    const inFlight = [0, 0, 0];
    const draw = seededDraws(3);
    for (let request = 0; request < 300; request++) {
      const candidates = inFlight.map((count, index) => candidate(String(index), { inFlight: count }));
      inFlight[Number(leastInFlight(candidates, {}, draw)[0]!.candidate.id)]!++;
    }
    expect(inFlight).toEqual([100, 100, 100]);
  });

  it("says how busy each one is", () => {
    expect(leastInFlight([candidate("a", { inFlight: 3 })], {}, () => 0)[0]!.reason).toBe("3 under way");
  });
});
