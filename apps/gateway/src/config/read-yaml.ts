import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  visit,
} from "yaml";
import type { ConfigProblem, Path, Place } from "./config-problem.ts";
import type { LocatedEntry, LocatedMap, LocatedScalar, LocatedValue } from "./located-value.ts";
import { printableKey, printablePath } from "./printable-value.ts";
import { explainYamlError } from "./yaml-error-texts.ts";

/** Far above any real configuration, far below what aliases of aliases expand to. */
const maxValues = 50_000;

/** What was read from one YAML file; no root when the text could not be understood at all. */
export interface YamlFile {
  readonly root: LocatedMap | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** Reads one YAML 1.2 file (plus `<<` merge keys, which LiteLLM's loader knows) with the place of every value. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  // Pretty errors quote the source, and the source may hold keys. The level "silent" would hide a second document.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const reader = new YamlReader(file, document, lines);
  const errors = [...document.errors, ...document.warnings];
  // One syntax error upsets everything below it, so only the first is told; repeated keys stand each for themselves.
  const fatal = errors.find((error) => error.code !== "DUPLICATE_KEY");
  if (fatal !== undefined) {
    const place = reader.placeOf(openingQuote(document, fatal) ?? fatal.pos[0]);
    return { root: undefined, problems: [{ ...place, path: "", message: explainYamlError(fatal) }] };
  }
  const root = reader.read();
  const repeatedKeys = errors.map(({ pos }): ConfigProblem => {
    const key = printableKey(/^["']?(?<key>[^"':\s]*)/u.exec(text.slice(pos[0]))?.groups?.["key"] ?? "");
    return Object.assign(reader.placeOf(pos[0]), {
      path: "",
      message: `${key} is already set above in the same map`,
    });
  });
  return {
    root: reader.problems.length === 0 ? root : undefined,
    problems: [...repeatedKeys, ...reader.problems],
  };
}

/** An unclosed quote is noticed at the end of the file; what has to be mended is where it opens. */
function openingQuote(document: Document, error: YAMLError): number | undefined {
  if (!error.message.startsWith("Missing closing ")) return undefined;
  let opening: number | undefined;
  visit(document, {
    Scalar(_key, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[0] <= error.pos[0]) opening = range[0];
    },
  });
  return opening;
}

class YamlReader {
  /** Any one of them makes the file useless. */
  readonly problems: ConfigProblem[] = [];
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #openAnchors = new Set<Node>();
  #valuesLeft = maxValues;
  #hasTooMuch = false;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  read(): LocatedMap | undefined {
    const contents = this.#document.contents;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
      this.#complain(this.placeOf(0), [], "the file is empty, expected a map such as model_list: [...]");
      return undefined;
    }
    const value = this.#value(contents, []);
    if (value.kind === "map") return value;
    const found = value.kind === "list" ? "a list" : "text";
    this.#complain(value.place, [], `expected a map of settings such as model_list: [...], got ${found}`);
    return undefined;
  }

  #value(node: Node, path: Path): LocatedValue {
    const place = this.placeOf(node.range?.[0] ?? 0);
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0 && this.#openAnchors.size > 0) return nothingAt(place, path);
    if (isAlias(node)) return this.#alias(node, path);
    if (isMap(node)) return { kind: "map", place, path, entries: this.#entries(node, path) };
    if (isSeq(node)) return { kind: "list", place, path, items: this.#items(node.items, path) };
    return { kind: "scalar", place, path, value: isScalar(node) ? scalarValue(node) : null };
  }

  #items(items: readonly unknown[], path: Path): LocatedValue[] {
    // The parser only puts nodes into a list it has read from text.
    return items.map((item, index) => this.#value(item as Node, [...path, index]));
  }

  #alias(node: Alias, path: Path): LocatedValue {
    const place = this.placeOf(node.range?.[0] ?? 0);
    const target = node.resolve(this.#document);
    if (target === undefined || this.#openAnchors.has(target)) {
      const reason =
        target === undefined ? "names no anchor (&name) above it" : "stands inside the value that it repeats";
      this.#complain(place, path, `this alias ${reason}`);
      return nothingAt(place, path);
    }
    this.#openAnchors.add(target);
    const value = this.#value(target, path);
    this.#openAnchors.delete(target);
    if (this.#valuesLeft < 0 && this.#openAnchors.size === 0) this.#tooMuch(place, path);
    return value;
  }

  #entries(node: YAMLMap, path: Path): Map<string, LocatedEntry> {
    const entries = new Map<string, LocatedEntry>();
    const merged: LocatedValue[] = [];
    for (const pair of node.items) {
      // Everything in a map that was read from text is a node; a key without a colon has no value.
      const key = pair.key as Node;
      const name = this.#keyName(key, path);
      if (name === undefined) continue;
      const valueNode = pair.value as Node | null;
      if (name === "<<") {
        merged.push(...this.#mergeSources(valueNode, path));
        continue;
      }
      const keyPlace = this.placeOf(key.range?.[0] ?? 0);
      const valuePath = [...path, name];
      const value = valueNode === null ? nothingAt(keyPlace, valuePath) : this.#value(valueNode, valuePath);
      entries.set(name, { keyPlace, value });
    }
    for (const source of merged) addMissing(entries, source);
    return entries;
  }

  /** One map or a list of maps; their entries stand at the path of the map that merges them. */
  #mergeSources(node: Node | null, path: Path): LocatedValue[] {
    // As in `#items`, a list that was read from text holds nodes.
    const nodes = isSeq(node) ? (node.items as Node[]) : node === null ? [] : [node];
    const sources = nodes.map((source) => this.#value(source, path));
    for (const { kind, place } of sources) {
      if (kind !== "map") this.#complain(place, path, 'expected a map after the merge key "<<"');
    }
    return sources;
  }

  #keyName(key: Node, path: Path): string | undefined {
    const place = this.placeOf(key.range?.[0] ?? 0);
    const name = isScalar(key) ? scalarValue(key) : null;
    if (name !== null && name !== "__proto__") return String(name);
    const message = name === null ? "a key must be plain text" : '"__proto__" cannot be used as a key';
    this.#complain(place, path, message);
    return undefined;
  }

  #tooMuch(place: Place, path: Path): void {
    if (this.#hasTooMuch) return;
    this.#hasTooMuch = true;
    this.#complain(place, path, `aliases expand this file to more than ${maxValues} values`);
  }

  #complain(place: Place, path: Path, message: string): void {
    this.problems.push({ ...place, path: printablePath(path), message });
  }
}

function nothingAt(place: Place, path: Path): LocatedScalar {
  return { kind: "scalar", place, path, value: null };
}

function scalarValue({ value }: Scalar): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** `<<` never overwrites: what the map says itself, and what an earlier merge said, stays. */
function addMissing(entries: Map<string, LocatedEntry>, source: LocatedValue): void {
  if (source.kind !== "map") return;
  for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
}
