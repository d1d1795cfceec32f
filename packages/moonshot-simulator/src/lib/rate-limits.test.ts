import { expect, it } from "vitest";
import { RateLimits, type Limits } from "./rate-limits.ts";

const account = "org-1<ak-1>";

function refusalAt(limits: RateLimits, nowMs: number, tokens = 10): string | undefined {
  const admission = limits.admit(account, tokens, nowMs);
  return "problem" in admission ? admission.problem.message : undefined;
}

const cases: [limits: Limits, text: string][] = [
  [
    { concurrency: 1 },
    "Your account org-1<ak-1> request reached organization max concurrency: 1, please try again after 1 seconds",
  ],
  [
    { requestsPerMinute: 1 },
    "Your account org-1<ak-1> request reached organization max RPM: 1, please try again after 45 seconds",
  ],
  [
    { tokensPerMinute: 15 },
    "Your account org-1<ak-1> request reached organization TPM rate limit, current:20, limit:15",
  ],
  [
    { tokensPerDay: 15 },
    "Your account org-1<ak-1> request reached organization TPD rate limit, current:20, limit:15",
  ],
];

it.each(cases)("refuses the second request 15 seconds later under %j", (limits, text) => {
  const rateLimits = new RateLimits(limits);
  expect(refusalAt(rateLimits, 0)).toBeUndefined();
  expect(refusalAt(rateLimits, 15_000)).toBe(text);
});

it("admits again when the minute is over", () => {
  const rateLimits = new RateLimits({ requestsPerMinute: 1, tokensPerMinute: 15 });
  refusalAt(rateLimits, 0);
  expect(refusalAt(rateLimits, 59_999)).toBeDefined();
  expect(refusalAt(rateLimits, 60_000)).toBeUndefined();
});

it("frees a place once, however often it is released", () => {
  const rateLimits = new RateLimits({ concurrency: 1 });
  const first = rateLimits.admit(account, 1, 0);
  const release = "release" in first ? first.release : () => undefined;
  release();
  release();
  expect(refusalAt(rateLimits, 0)).toBeUndefined();
  expect(refusalAt(rateLimits, 0)).toBeDefined();
});

it("does not count what it refused", () => {
  const rateLimits = new RateLimits({ requestsPerMinute: 1 });
  refusalAt(rateLimits, 0);
  refusalAt(rateLimits, 30_000);
  expect(refusalAt(rateLimits, 60_000)).toBeUndefined();
});
