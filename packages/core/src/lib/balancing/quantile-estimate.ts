/** Neighbouring buckets differ by this factor, so an estimate is at most this much too high. */
const growth = 1.1;
const smallest = 1;
const bucketCount = 144; // 1 ms to about 15 minutes
const generationMs = 150_000;
const fewestSamples = 20;

/**
 * A quantile of recent waits in milliseconds, from a histogram of fixed size. Samples live for one to two
 * generations (2.5 to 5 minutes), so an estimate follows a provider that changed within that time.
 */
export class QuantileEstimate {
  #current = new Uint32Array(bucketCount);
  #previous = new Uint32Array(bucketCount);
  #generation = 0;

  observe(nowMs: number, milliseconds: number): void {
    if (!(milliseconds >= 0)) return;
    this.#age(nowMs);
    const bucket = bucketOf(milliseconds);
    this.#current[bucket] = (this.#current[bucket] ?? 0) + 1;
  }

  /** `share` in (0, 1]: 0.95 for the p95. Undefined until enough has been seen lately to say. */
  quantile(nowMs: number, share: number): number | undefined {
    this.#age(nowMs);
    const counts = this.#current.map((count, bucket) => count + (this.#previous[bucket] ?? 0));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total < fewestSamples) return undefined;
    let left = Math.ceil(total * share);
    const bucket = counts.findIndex((count) => (left -= count) <= 0);
    return smallest * growth ** bucket;
  }

  #age(nowMs: number): void {
    const generation = Math.floor(nowMs / generationMs);
    const passed = generation - this.#generation;
    if (passed <= 0) return;
    this.#previous = passed === 1 ? this.#current : new Uint32Array(bucketCount);
    this.#current = new Uint32Array(bucketCount);
    this.#generation = generation;
  }
}

/** Bucket b holds what is above growth^(b-1) and not above growth^b. */
function bucketOf(milliseconds: number): number {
  const bucket = Math.ceil(Math.log(Math.max(milliseconds, smallest) / smallest) / Math.log(growth) - 1e-9);
  return Math.min(bucket, bucketCount - 1);
}
