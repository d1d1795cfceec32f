import { expect, it } from "vitest";
import { chiSquared } from "../../../test/chi-squared.ts";
import { seededDraws } from "./seeded-draws.ts";

it.each([
  [0, [0.26642920868471265, 0.0003297457005828619]],
  [-7, [0.43306733411736786, 0.32539576734416187]],
])("gives the same draws for seed %i for ever, so that a seed in an old log still replays", (seed, draws) => {
  expect(Array.from({ length: 2 }, seededDraws(seed))).toEqual(draws);
});

it("gives other draws for the next seed", () => {
  expect(seededDraws(42)()).not.toBe(seededDraws(43)());
});

it.each([
  ["within one seed", (draw: () => number) => draw, 1],
  ["over the first draws of consecutive seeds", undefined, 100_000],
])("spreads evenly over [0, 1) %s", (_, __, seeds) => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < seeds; seed++) {
    const draw = seededDraws(seed);
    for (let index = 0; index < 100_000 / seeds; index++) {
      const tenth = Math.floor(draw() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
  }
  expect(counts.reduce((sum, count) => sum + count)).toBe(100_000);
  expect(
    chiSquared(
      counts,
      counts.map(() => 1),
    ),
  ).toBeLessThan(27.9);
});
