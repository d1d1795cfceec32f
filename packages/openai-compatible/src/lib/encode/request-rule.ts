import type { Adjustment, ChatRequest, ChatTarget } from "@perilune/core/provider";

/** A request after a change, and what is to be said about the change. */
export interface Change {
  readonly request: ChatRequest;
  readonly adjustments: readonly Adjustment[];
}

/**
 * One job done on a request before it is sent: a pure function that gives the changed copy, or undefined when it
 * has nothing to do. Whatever differs in the copy must be covered by an adjustment, and the rule must have
 * nothing left to do on its own result.
 */
export type RequestRule = (request: ChatRequest, target: ChatTarget) => Change | undefined;

/** Applies rules in order, each to what the one before left. */
export function applyRules(rules: readonly RequestRule[], request: ChatRequest, target: ChatTarget): Change {
  let current = request;
  const adjustments: Adjustment[] = [];
  for (const rule of rules) {
    const change = rule(current, target);
    if (change === undefined) continue;
    current = change.request;
    adjustments.push(...change.adjustments);
  }
  return { request: current, adjustments };
}
