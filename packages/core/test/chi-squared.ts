/**
 * How far counts lie from the expected shares. The value exceeded by chance once in a thousand: 10.8 for two
 * shares, 13.8 for three, 16.3 for four, 27.9 for ten.
 */
export function chiSquared(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return counts.reduce((sum, count, index) => {
    const expected = (total * (shares[index] ?? 0)) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}
