import type { Random } from "../clock.ts";

/**
 * As many draws as a decision needs from one number, so that a plan is replayed by its seed alone.
 * Mulberry32 (Tommy Ettinger, public domain): fast and even enough for choosing targets, not for secrets.
 */
export function seededDraws(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
