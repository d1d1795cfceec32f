export interface FairQueueLimits {
  readonly maxWaiting: number;
  readonly maxWaitingPerCaller: number;
}

/** A place in the queue. */
export interface Place<Item> {
  readonly callerId: string;
  readonly item: Item;
}

/**
 * First come, first served within a caller, and callers in turn: one that queues a hundred requests waits for
 * its own, not the others for theirs. Every step takes constant time; it remembers only callers who wait.
 */
export class FairQueue<Item> {
  readonly #limits: FairQueueLimits;
  // Both keep their order of insertion: the callers' turns, and each caller's line.
  readonly #lines = new Map<string, Set<Place<Item>>>();
  #size = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Undefined when the queue, or the caller's part of it, is full. */
  join(callerId: string, item: Item): Place<Item> | undefined {
    const line = this.#lines.get(callerId) ?? new Set();
    const { maxWaiting, maxWaitingPerCaller } = this.#limits;
    if (this.#size >= maxWaiting || line.size >= maxWaitingPerCaller) return undefined;
    const place = { callerId, item };
    line.add(place);
    this.#lines.set(callerId, line);
    this.#size++;
    return place;
  }

  /** Whose turn it is. */
  next(): Item | undefined {
    for (const [callerId, line] of this.#lines) {
      for (const place of line) {
        this.#remove(line, place);
        // To the end of the round.
        if (this.#lines.delete(callerId) && line.size > 0) this.#lines.set(callerId, line);
        return place.item;
      }
    }
    return undefined;
  }

  /** False when it is not waiting any more. */
  leave(place: Place<Item>): boolean {
    const line = this.#lines.get(place.callerId);
    return line !== undefined && this.#remove(line, place);
  }

  #remove(line: Set<Place<Item>>, place: Place<Item>): boolean {
    if (!line.delete(place)) return false;
    this.#size--;
    if (line.size === 0) this.#lines.delete(place.callerId);
    return true;
  }
}
