/** A map that forgets what was not used for longest once it is full: callers can invent names without end. */
export class RecentMap<Value> {
  readonly #capacity: number;
  readonly #values = new Map<string, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.#touch(key, value);
    return value;
  }

  /** Without counting as a use: for looking, not for working with. */
  peek(key: string): Value | undefined {
    return this.#values.get(key);
  }

  getOrCreate(key: string, create: () => Value): Value {
    const value = this.#values.get(key) ?? create();
    this.#touch(key, value);
    return value;
  }

  /** Least recently used first. */
  entries(): MapIterator<[string, Value]> {
    return this.#values.entries();
  }

  #touch(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#capacity) return;
    const oldest = this.#values.keys().next();
    if (oldest.done !== true) this.#values.delete(oldest.value);
  }
}
