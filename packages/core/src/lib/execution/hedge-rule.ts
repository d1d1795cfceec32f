/** What the decision about a second, parallel attempt depends on. */
export interface HedgeFacts {
  /** Hedging is opt-in, per route. */
  readonly isEnabled: boolean;
  /** Since the first attempt was sent. */
  readonly elapsedMs: number;
  /** When 95 of 100 first tokens have come; undefined while too little was seen to say. */
  readonly learnedP95Ms: number | undefined;
  readonly isCommitted: boolean;
  readonly attemptsMade: number;
  readonly maxAttempts: number;
  /** Another target is available that this request has not tried. */
  readonly hasOtherTarget: boolean;
  readonly hasHedgeRoom: boolean;
  readonly hasRetryRoom: boolean;
}

export type HedgeDecision =
  | { readonly kind: "hedge" }
  | { readonly kind: "wait"; readonly forMs: number }
  | { readonly kind: "no"; readonly reason: string };

/**
 * Whether to ask a second target while the first one still thinks. Asked once when an attempt is sent, and again
 * when the wait it gave is over: the budgets are those of that moment. While the retry budget is spent something
 * is wrong with the targets, and doubling the requests would make it worse.
 */
export function decideHedge(facts: HedgeFacts): HedgeDecision {
  if (!facts.isEnabled) return no("hedging is off");
  if (facts.isCommitted) return no("the answer has begun");
  if (facts.attemptsMade >= facts.maxAttempts) return no("no attempt is left");
  if (!facts.hasOtherTarget) return no("no other target is available");
  if (facts.learnedP95Ms === undefined) return no("too few first tokens were seen to know what late is");
  const leftMs = facts.learnedP95Ms - facts.elapsedMs;
  if (leftMs > 0) return { kind: "wait", forMs: leftMs };
  if (!facts.hasRetryRoom) return no("the retry budget of the route is spent");
  return facts.hasHedgeRoom ? { kind: "hedge" } : no("the share of hedged requests is used up");
}

function no(reason: string): HedgeDecision {
  return { kind: "no", reason };
}
