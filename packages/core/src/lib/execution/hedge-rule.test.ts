import { describe, expect, it } from "vitest";
import { decideHedge } from "./hedge-rule.ts";
import type { HedgeFacts } from "./hedge-rule.ts";

const late: HedgeFacts = {
  isEnabled: true,
  elapsedMs: 900,
  learnedP95Ms: 800,
  isCommitted: false,
  attemptsMade: 1,
  maxAttempts: 5,
  hasOtherTarget: true,
  hasHedgeRoom: true,
  hasRetryRoom: true,
};

describe("hedging", () => {
  it("asks a second target when the first token is later than the learned p95", () => {
    expect(decideHedge(late)).toEqual({ kind: "hedge" });
  });

  it("waits for what is left until then, whatever the budgets say now", () => {
    const early = { ...late, elapsedMs: 300, hasHedgeRoom: false, hasRetryRoom: false };
    expect(decideHedge(early)).toEqual({ kind: "wait", forMs: 500 });
  });

  it.each<[string, Partial<HedgeFacts>]>([
    ["hedging is off", { isEnabled: false }],
    ["the answer has begun", { isCommitted: true }],
    ["too few first tokens were seen to know what late is", { learnedP95Ms: undefined }],
    ["no attempt is left", { attemptsMade: 5 }],
    ["no other target is available", { hasOtherTarget: false }],
    ["the retry budget of the route is spent", { hasRetryRoom: false }],
    ["the share of hedged requests is used up", { hasHedgeRoom: false }],
  ])("does not when %s", (reason, facts) => {
    expect(decideHedge({ ...late, ...facts })).toEqual({ kind: "no", reason });
  });
});
