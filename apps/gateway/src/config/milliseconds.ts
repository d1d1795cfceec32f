/** Seconds as whole milliseconds: at least one unless they are 0, because rounding must not turn a wait into none. */
export function milliseconds(seconds: number | undefined): number | undefined {
  if (seconds === undefined || seconds === 0) return seconds;
  return Math.max(1, Math.round(seconds * 1000));
}
