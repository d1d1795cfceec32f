import { setTimeout as wait } from "node:timers/promises";

/** Time as the simulator sees it: unix milliseconds, and a way to let them pass. */
export interface Clock {
  now(): number;
  /** Resolves when the time is over or the signal says that nobody waits any more. */
  sleep?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { now: () => Date.now() };

export async function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  if (clock.sleep !== undefined) return clock.sleep(milliseconds, signal);
  // The only way this rejects is the abort, and being woken early is what the caller asked for.
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
