/**
 * A sum over the last `windowMs`, in a fixed number of buckets. What was added counts for at least the window
 * and at most one bucket longer, so a limit kept with it is never exceeded in any window of that length.
 * Reads its time from the caller; a clock that stands still or goes back only makes entries live longer.
 */
export class SlidingSum {
  readonly windowMs: number;
  readonly #bucketMs: number;
  readonly #buckets: Float64Array;
  #newest = 0;
  #sum = 0;

  constructor(windowMs: number, buckets: number) {
    this.windowMs = windowMs;
    this.#bucketMs = windowMs / buckets;
    // One more than the window holds: the oldest is only partly outside.
    this.#buckets = new Float64Array(buckets + 1);
  }

  sum(nowMs: number): number {
    this.#advance(nowMs);
    return this.#sum;
  }

  /** Gives the bucket it went to, for a later `correct`. */
  add(nowMs: number, amount: number): number {
    this.#advance(nowMs);
    this.#put(this.#newest, amount);
    return this.#newest;
  }

  /** Changes an entry made earlier; without effect once that entry has left the window. */
  correct(nowMs: number, bucket: number, difference: number): void {
    this.#advance(nowMs);
    if (bucket > this.#newest - this.#buckets.length) this.#put(bucket, difference);
  }

  /** Milliseconds until the sum has fallen to `atMost` if nothing is added; Infinity when it cannot. */
  waitMs(nowMs: number, atMost: number): number {
    let left = this.sum(nowMs);
    if (left <= atMost) return 0;
    if (atMost < 0) return Infinity;
    for (let bucket = this.#newest - this.#buckets.length + 1; bucket <= this.#newest; bucket++) {
      left -= this.#at(bucket);
      if (left <= atMost) return (bucket + this.#buckets.length) * this.#bucketMs - nowMs;
    }
    return Infinity;
  }

  #at(bucket: number): number {
    return this.#buckets[this.#index(bucket)] ?? 0;
  }

  #put(bucket: number, amount: number): void {
    this.#buckets[this.#index(bucket)] = this.#at(bucket) + amount;
    this.#sum += amount;
  }

  #index(bucket: number): number {
    const { length } = this.#buckets;
    return ((bucket % length) + length) % length;
  }

  #advance(nowMs: number): void {
    const newest = Math.floor(nowMs / this.#bucketMs);
    if (newest <= this.#newest) return;
    if (newest - this.#newest >= this.#buckets.length) {
      this.#buckets.fill(0);
      this.#sum = 0;
    } else {
      for (let bucket = this.#newest + 1; bucket <= newest; bucket++) this.#put(bucket, -this.#at(bucket));
    }
    this.#newest = newest;
  }
}
