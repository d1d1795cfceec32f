/** Characters that a pattern cannot tell apart. */
export interface CharacterClass {
  /** By number of the spelling: 1 where it stands for these characters. */
  readonly accepts: Uint8Array;
  /** False once too many are known: this one is met once and forgotten. */
  readonly isKept: boolean;
}

const maxClasses = 500;
const maxRemembered = 20_000;

/**
 * Sorts characters by which of the spellings (`a`, `\d`, `[^x-z]`) they fit. The platform's own engine decides, one
 * character at a time, so that classes and case folding mean what they mean elsewhere; one character leaves nothing to
 * backtrack over.
 */
export class CharacterClasses {
  readonly #expressions: readonly RegExp[];
  readonly #byCodePoint = new Map<number, CharacterClass>();
  readonly #bySignature = new Map<string, CharacterClass>();

  constructor(spellings: readonly string[], ignoresCase: boolean) {
    const flags = ignoresCase ? "iu" : "u";
    this.#expressions = spellings.map((spelling) => new RegExp(`^(?:${spelling})$`, flags));
  }

  classOf(codePoint: number): CharacterClass {
    return this.#byCodePoint.get(codePoint) ?? this.#learn(codePoint);
  }

  #learn(codePoint: number): CharacterClass {
    const character = String.fromCodePoint(codePoint);
    const accepts = Uint8Array.from(this.#expressions, (expression) => (expression.test(character) ? 1 : 0));
    const signature = accepts.join("");
    const known = this.#bySignature.get(signature);
    const isKept = known !== undefined || this.#bySignature.size < maxClasses;
    const found = known ?? { accepts, isKept };
    if (!isKept) return found;
    this.#bySignature.set(signature, found);
    if (this.#byCodePoint.size < maxRemembered) this.#byCodePoint.set(codePoint, found);
    return found;
  }
}
