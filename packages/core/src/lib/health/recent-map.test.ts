import { expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

it("forgets what was not used for longest once it is full", () => {
  const map = new RecentMap<number>(2);
  map.getOrCreate("a", () => 1);
  map.getOrCreate("b", () => 2);
  map.get("a");
  map.getOrCreate("c", () => 3);
  expect([...map.entries()]).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
  expect(map.size).toBe(2);
});

it("creates a value once", () => {
  const map = new RecentMap<object>(2);
  const first = map.getOrCreate("a", () => ({}));
  expect(map.getOrCreate("a", () => ({}))).toBe(first);
});

it("makes nothing by being asked", () => {
  const map = new RecentMap<object>(2);
  expect(map.get("a")).toBeUndefined();
  expect(map.size).toBe(0);
});
