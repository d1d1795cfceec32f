import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hedgeBudget, retryBudget, ShareBudget } from "./share-budget.ts";

const spendAll = (budget: ShareBudget, nowMs: number) => {
  let spent = 0;
  while (budget.spend(nowMs)) spent++;
  return spent;
};

describe("the retry budget of a route", () => {
  it("allows a quiet route ten extra attempts in ten seconds", () => {
    const budget = new ShareBudget(retryBudget);
    budget.countRequest(0);
    expect(spendAll(budget, 0)).toBe(10);
    expect(spendAll(budget, 9_999)).toBe(0);
    expect(spendAll(budget, 10_500)).toBe(10);
  });

  it("allows a busy route a fifth of its requests, the floor not on top", () => {
    const budget = new ShareBudget(retryBudget);
    for (let request = 0; request < 2_000; request++) budget.countRequest(request * 5);
    expect(spendAll(budget, 9_999)).toBe(400);
  });

  it("never allows more than the share or the floor in any ten seconds, in whatever order they come", () => {
    const steps = fc.array(
      fc.record({
        afterMs: fc.nat({ max: 900 }),
        requests: fc.nat({ max: 30 }),
        wanted: fc.nat({ max: 30 }),
      }),
      { maxLength: 60, size: "max" },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const budget = new ShareBudget(retryBudget);
        const log: { atMs: number; requests: number; spent: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, requests, wanted } of all) {
          nowMs += afterMs;
          for (let request = 0; request < requests; request++) budget.countRequest(nowMs);
          const spent = Array.from({ length: wanted }, () => budget.spend(nowMs)).filter(Boolean).length;
          log.push({ atMs: nowMs, requests, spent });
          const sumSince = (ms: number, of: "requests" | "spent") =>
            log.filter(({ atMs }) => atMs > nowMs - ms).reduce((sum, entry) => sum + entry[of], 0);
          // Requests count for up to one bucket (500 ms) longer than the window.
          const allowed = Math.max(10, 0.2 * sumSince(10_501, "requests"));
          expect(spent === 0 || sumSince(10_000, "spent") <= allowed).toBe(true);
        }
      }),
    );
  });

  it("looks without spending", () => {
    const budget = new ShareBudget(retryBudget);
    for (let look = 0; look < 50; look++) budget.hasRoom(0);
    expect(spendAll(budget, 0)).toBe(10);
    expect(budget.hasRoom(0)).toBe(false);
  });
});

describe("the hedge budget of a route", () => {
  it("allows two in a hundred requests and none for free", () => {
    const budget = new ShareBudget(hedgeBudget);
    for (let request = 0; request < 49; request++) budget.countRequest(0);
    expect(spendAll(budget, 0)).toBe(0);
    for (let request = 0; request < 951; request++) budget.countRequest(0);
    expect(spendAll(budget, 0)).toBe(20);
  });
});
