import { expect, test } from "vitest";
import { seededRandom } from "./seeded-random.ts";

const take = (seed: number, stream: number) => {
  const random = seededRandom(seed, stream);
  return Array.from({ length: 1000 }, random);
};

test("repeats itself for the same seed and stream, and differs for another", () => {
  expect(take(1, 2)).toEqual(take(1, 2));
  expect(take(1, 2)).not.toEqual(take(1, 3));
  expect(take(1, 2)).not.toEqual(take(2, 2));
});

test("gives numbers in [0, 1) that are spread evenly", () => {
  const numbers = take(42, 1);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
});
