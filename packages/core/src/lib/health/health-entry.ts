import type { BreakerView, CircuitBreaker } from "./circuit-breaker.ts";
import type { HealthEntry } from "./health-store.ts";
import type { TargetHealth } from "./target-health.ts";

/** `epochMs`: the wall time at which `nowMs` was 0. */
export function credentialEntry(
  id: string,
  breaker: CircuitBreaker,
  nowMs: number,
  epochMs: number,
): HealthEntry {
  return entryOf(id, breaker.view(nowMs), epochMs);
}

/** What keeps a target out for longest is what is told of it. */
export function targetEntry(id: string, health: TargetHealth, nowMs: number, epochMs: number): HealthEntry {
  const views = [health.allowed.view(nowMs), health.working.view(nowMs)];
  const worst = views.find(({ state }) => state !== "closed");
  const pause = health.pauseAt(nowMs);
  if (pause === undefined || (worst?.state === "open" && worst.untilMs > pause.untilMs)) {
    return entryOf(id, worst ?? health.working.view(nowMs), epochMs);
  }
  return {
    id,
    state: "paused",
    sinceMs: epochMs + pause.sinceMs,
    untilMs: epochMs + pause.untilMs,
    ...(pause.errorCode && { reason: pause.errorCode }),
  };
}

const states = { closed: "available", open: "out", half_open: "probe_due", probing: "probing" } as const;

function entryOf(id: string, view: BreakerView, epochMs: number): HealthEntry {
  const state = states[view.state];
  const sinceMs = epochMs + view.sinceMs;
  if (view.state === "closed") return { id, state, sinceMs };
  return {
    id,
    state,
    sinceMs,
    ...(view.state === "open" && { untilMs: epochMs + view.untilMs }),
    ...(view.errorCode && { reason: view.errorCode }),
  };
}
