import { expect, it } from "vitest";
import { chiSquared } from "../../../test/chi-squared.ts";
import { StableHash } from "./stable-hash.ts";

it.each([
  ["", 0.6689221885753796],
  ["user-1", 0.46703403734136373],
])("gives %j the same place for ever", (text, place) => {
  expect(StableHash.of(text).fraction).toBe(place);
});

it("continues a text", () => {
  expect(StableHash.of("moon").and("shot").fraction).toBe(StableHash.of("moonshot").fraction);
});

it("spreads names that differ in their last characters evenly", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let user = 0; user < 100_000; user++) {
    counts[Math.floor(StableHash.of(`user-${user}`).fraction * 10)]!++;
  }
  expect(
    chiSquared(
      counts,
      counts.map(() => 1),
    ),
  ).toBeLessThan(27.9);
});
