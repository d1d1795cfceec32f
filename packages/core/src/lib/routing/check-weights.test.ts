import { describe, expect, it } from "vitest";
import { checkWeights } from "./check-weights.ts";

function check(...weights: number[]): string[] {
  const placed = weights.map((weight, index) => ({ weight, place: ["targets", index, "weight"] }));
  return checkWeights(placed, ["targets"]).map(({ path, message }) => `${path}: ${message}`);
}

describe("weights", () => {
  it("may be 0 while another is not", () => {
    expect(check(0, 0.5)).toEqual([]);
  });

  it("that are all 0 are reported at their group", () => {
    expect(check(0, 0)).toEqual(["targets: every weight is 0, so nothing here would take traffic"]);
  });

  it.each([-1, Number.NaN, Infinity])("of %d are reported where they stand", (weight) => {
    expect(check(1, weight)).toEqual([
      `targets[1].weight: a weight is a number of at least 0, not ${weight}`,
    ]);
  });
});
