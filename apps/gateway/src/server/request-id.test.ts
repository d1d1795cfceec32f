import { expect, test } from "vitest";
import { newRequestId } from "./request-id.ts";

test("is req_ and 24 characters, from the smallest draw to the largest", () => {
  expect(newRequestId(() => 0)).toBe(`req_${"0".repeat(24)}`);
  expect(newRequestId(() => 1 - Number.EPSILON)).toBe(`req_${"v".repeat(24)}`);
});

test("follows the draws", () => {
  const draws = [0, 0.5, 0.25, 2 ** -30];
  expect(newRequestId(() => draws.shift() ?? 0)).toBe("req_00000000000g000008100000");
});
