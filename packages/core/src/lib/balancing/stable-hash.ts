/** A hash that is the same on every machine and in every version: choices that were kept by it must not move. */
export class StableHash {
  readonly #state: number;

  private constructor(state: number) {
    this.#state = state;
  }

  static of(text: string): StableHash {
    return new StableHash(fowlerNollVo(0x811c9dc5, text));
  }

  /** This text followed by another one. */
  and(text: string): StableHash {
    return new StableHash(fowlerNollVo(this.#state, text));
  }

  /** Evenly in (0, 1). */
  get fraction(): number {
    return (avalanche(this.#state) + 0.5) / 2 ** 32;
  }
}

/** FNV-1a, 32 bit, over UTF-16 code units. */
function fowlerNollVo(start: number, text: string): number {
  let state = start;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state;
}

/** The finaliser of MurmurHash3: FNV alone leaves names that differ in their last letter close together. */
function avalanche(state: number): number {
  let mixed = state;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
