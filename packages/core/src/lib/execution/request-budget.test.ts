import { expect, it } from "vitest";
import { openRequestBudget } from "./request-budget.ts";

it.each([
  [{}, { maxAttempts: 5, deadlineMs: Infinity }],
  [
    { maxAttempts: 2, timeoutMs: 3_000 },
    { maxAttempts: 2, deadlineMs: 4_000 },
  ],
  [{ maxAttempts: 0 }, { maxAttempts: 1, deadlineMs: Infinity }],
])("of a request that starts at 1 s with %j is %j", (limits, budget) => {
  expect(openRequestBudget(1_000, limits)).toEqual(budget);
});
