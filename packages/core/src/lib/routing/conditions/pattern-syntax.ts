/** A regular expression as a tree. Only what a machine without a stack can run. */
export type PatternNode =
  /** One character; `source` is its spelling: `a`, `\d`, `[^x-z]`, `.`. */
  | { readonly kind: "atom"; readonly source: string }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "boundary"; readonly expected: boolean }
  | { readonly kind: "sequence" | "choice"; readonly items: readonly PatternNode[] }
  /** `most` may be Infinity. */
  | { readonly kind: "repeat"; readonly item: PatternNode; readonly least: number; readonly most: number };

export interface PatternSyntax {
  readonly root: PatternNode;
  readonly ignoresCase: boolean;
}

/** Why a pattern cannot be used, in words for whoever wrote it. */
export class PatternRefusal extends Error {}

/** Longest spelling; keeps the depth of groups, and with it the reader's own stack, small. */
const maxSourceLength = 2_000;
const maxRepetitions = 1_000;

/**
 * Reads ECMAScript syntax as under the `u` flag, plus `(?i)` in front. Throws PatternRefusal for wrong syntax, and for
 * what would need backtracking: backreferences and lookaround.
 */
export function parsePattern(source: string): PatternSyntax {
  if (source.length > maxSourceLength) {
    throw new PatternRefusal(`is longer than ${maxSourceLength} characters`);
  }
  const ignoresCase = source.startsWith("(?i)");
  const body = ignoresCase ? source.slice(4) : source;
  const reader = new PatternReader(body);
  refuseWrongSyntax(body);
  return { root: reader.readAll(), ignoresCase };
}

/** The platform's own parser knows the syntax best; it only parses here and never matches. */
function refuseWrongSyntax(body: string): void {
  try {
    // oxlint-disable-next-line no-new -- Only whether it throws matters.
    new RegExp(body, "u");
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : "";
    throw new PatternRefusal(
      `is not a regular expression: ${text.replace(/^.*: (?=[^:]*$)/u, "").toLowerCase()}`,
    );
  }
}

/** Trusts that the syntax is right. */
class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): PatternNode {
    return this.#choice();
  }

  #choice(): PatternNode {
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: "choice", items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.#text.length && !this.#sees("|") && !this.#sees(")")) {
      items.push(this.#repeated(this.#term()));
    }
    return { kind: "sequence", items };
  }

  #term(): PatternNode {
    if (this.#take("^")) return { kind: "start" };
    if (this.#take("$")) return { kind: "end" };
    if (this.#take("\\b")) return { kind: "boundary", expected: true };
    if (this.#take("\\B")) return { kind: "boundary", expected: false };
    if (this.#take("(")) return this.#group();
    return { kind: "atom", source: this.#atom() };
  }

  #group(): PatternNode {
    if (this.#take("?") && !this.#take(":")) this.#groupName();
    const inner = this.#choice();
    this.#take(")");
    return inner;
  }

  #groupName(): void {
    const name = this.#match(/<[^=!][^>]*>/uy);
    if (name !== undefined) return;
    const isLookaround = this.#match(/<?[=!]/uy) !== undefined;
    throw new PatternRefusal(
      isLookaround
        ? "uses lookaround, which cannot run in linear time"
        : "sets flags inside; only (?i) at the very beginning is supported",
    );
  }

  #atom(): string {
    if (this.#match(/\\(?:[1-9]|k)/uy) !== undefined) {
      throw new PatternRefusal("uses a backreference, which cannot run in linear time");
    }
    const source =
      this.#match(/\[(?:\\.|[^\]\\])*\]/suy) ??
      this.#match(/\\[pP]\{[^}]*\}|\\u\{[0-9a-f]+\}/iuy) ??
      this.#match(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/uy) ??
      this.#match(/\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[a-zA-Z]/uy) ??
      this.#match(/\\.|./suy);
    return source ?? "";
  }

  #repeated(item: PatternNode): PatternNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return item;
    // Whether few or many are taken first changes what is captured, not whether the text matches.
    this.#take("?");
    for (const bound of bounds) {
      if (bound <= maxRepetitions || bound === Infinity) continue;
      throw new PatternRefusal(`repeats more than ${maxRepetitions} times`);
    }
    return { kind: "repeat", item, least: bounds[0], most: bounds[1] };
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    const braces = this.#match(/\{\d+(?:,\d*)?\}/uy);
    if (braces === undefined) return undefined;
    const [least = "", most] = braces.slice(1, -1).split(",");
    return [Number(least), most === undefined ? Number(least) : most === "" ? Infinity : Number(most)];
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** What a sticky expression finds here, taken. */
  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
