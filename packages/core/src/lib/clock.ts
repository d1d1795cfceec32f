/** Time as a parameter, so that tests run hours of traffic in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch, for timestamps only. */
  wallMs(): number;
  /** Milliseconds that never jump, for durations. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay of a Node timer, 24.8 days; it runs a longer one at once. */
const longestDelayMs = 2 ** 31 - 1;

/** Chance as a parameter: a number in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, longestDelayMs));
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = () => Math.random();
