const space = /[ \t\n\r]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const quote = 0x22;
const backslash = 0x5c;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * Where a text that JSON.parse refused stops being JSON, as an offset; its length when it ends too early. V8 gives the
 * place in some of its messages only, and quotes the text in the others. The depth has to be bounded beforehand.
 */
export function jsonFaultAt(text: string): number {
  return new Reader(text).document();
}

/** Reads as far as it can: every method says whether what it was to read was there, and `at` stays at the fault. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): number {
    if (this.#value()) this.#skip(space);
    return this.#at;
  }

  #value(): boolean {
    this.#skip(space);
    const first = this.#text[this.#at];
    if (first === "{") return this.#list("}", () => this.#member());
    if (first === "[") return this.#list("]", () => this.#value());
    return first === '"' ? this.#string() : this.#skip(scalar);
  }

  #list(close: string, item: () => boolean): boolean {
    this.#at++;
    this.#skip(space);
    if (this.#take(close)) return true;
    for (;;) {
      if (!item()) return false;
      this.#skip(space);
      if (this.#take(close)) return true;
      if (!this.#take(",")) return false;
    }
  }

  #member(): boolean {
    this.#skip(space);
    if (!this.#string()) return false;
    this.#skip(space);
    return this.#take(":") && this.#value();
  }

  #string(): boolean {
    if (!this.#take('"')) return false;
    do this.#skipPlainText();
    while (this.#skip(escape));
    return this.#take('"');
  }

  /** Up to a quote, a backslash, a control character or the end. */
  #skipPlainText(): void {
    // Past the end the code is NaN, which compares with nothing.
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (!(code >= 0x20) || code === quote || code === backslash) return;
      this.#at++;
    }
  }

  #take(character: string): boolean {
    const isThere = this.#text[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }

  /** Whether anything was skipped; an empty match is none. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }
}
