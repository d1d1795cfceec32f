/** A number in [0, 1). */
export type Random = () => number;

/** The same seed and stream always give the same numbers (mulberry32). */
export function seededRandom(seed: number, stream = 0): Random {
  // Neighbouring streams of one seed must not walk the same sequence one step apart, hence the odd multiplier.
  let state = (seed ^ Math.imul(stream, 0x9e3779b1)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
