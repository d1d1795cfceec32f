import { documentKeywords } from "./annotation.ts";
import { resolvePointer } from "./json-pointer.ts";
import { mapPlaces, placesOfAnyDraft } from "./schema-places.ts";
import { isSchema, without, type Schema } from "./schema.ts";

// Definitions that use one another twice each double at every step; once the copies made of one document's
// definitions hold this many values, `allOf` has to do.
const mostCopiedValues = 50_000;

// Chains of definitions longer than this are nobody's schema, and following them would exhaust the stack.
const deepestView = 100;

/** How a definition will be brought into the dialect in its own place. */
export interface DefinitionRewriting {
  readonly whole: (definition: Schema, definitions: Definitions) => Schema;
  /** The definition itself, but not the schemas inside it. */
  readonly surface: (definition: Schema, definitions: Definitions) => Schema;
}

/** What the references of one document name; remembers answers, since large schemas ask thousands of times. */
export class Definitions {
  readonly #document: Schema;
  readonly #rewriting: DefinitionRewriting;
  readonly #views = new Map<string, Schema | undefined>();
  readonly #recursive = new Map<string, boolean>();
  readonly #references = new Map<string, readonly string[]>();
  readonly #sizes = new WeakMap<object, number>();
  #copiedValues = 0;
  #nesting = 0;

  constructor(document: Schema, rewriting: DefinitionRewriting) {
    this.#document = document;
    this.#rewriting = rewriting;
  }

  /**
   * What a reference will name once all is rewritten, told in one schema even if that is another reference.
   *
   * Of a definition that refers to itself only the surface is rewritten. Whatever belongs to a whole document is left out.
   */
  view(reference: string): Schema | undefined {
    if (this.#views.has(reference) || this.#nesting >= deepestView) return this.#views.get(reference);
    // Until it is known, a chain of references that runs in a circle names nothing.
    this.#views.set(reference, undefined);
    this.#nesting += 1;
    const view = this.#resolve(reference);
    this.#nesting -= 1;
    this.#views.set(reference, view);
    return view;
  }

  #resolve(reference: string): Schema | undefined {
    const named = resolvePointer(this.#document, reference);
    if (named === undefined) return undefined;
    const target = named === this.#document ? without(named, ...documentKeywords) : named;
    const { whole, surface } = this.#rewriting;
    const rewritten = this.#isRecursive(reference) ? surface(target, this) : whole(target, this);
    const next = rewritten["$ref"];
    if (typeof next !== "string") return rewritten;
    const end = this.view(next);
    return end === undefined ? undefined : { ...end, ...without(rewritten, "$ref") };
  }

  /** A definition to put in place of its reference; undefined if it refers to itself or too many were taken. */
  copy(reference: string): Schema | undefined {
    const view = this.#isRecursive(reference) ? undefined : this.view(reference);
    const values = this.#copiedValues + this.#sizeOf(view);
    if (view === undefined || values > mostCopiedValues) return undefined;
    this.#copiedValues = values;
    return view;
  }

  // Views share what they copied from one another, so sizes are remembered: counting anew would double as well.
  #sizeOf(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const size = Object.values(value).reduce((sum: number, one) => sum + this.#sizeOf(one), 1);
    this.#sizes.set(value, size);
    return size;
  }

  #isRecursive(reference: string): boolean {
    const known = this.#recursive.get(reference);
    if (known !== undefined) return known;
    const answer = this.#reachesItself(reference);
    this.#recursive.set(reference, answer);
    return answer;
  }

  #reachesItself(reference: string): boolean {
    const reached = new Set<string>();
    const pending = [reference];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const found of this.#referencesFrom(next)) {
        // The whole document contains every definition.
        if (found === reference || found === "#") return true;
        if (!reached.has(found)) pending.push(found);
        reached.add(found);
      }
    }
    return false;
  }

  #referencesFrom(reference: string): readonly string[] {
    const known = this.#references.get(reference);
    if (known !== undefined) return known;
    const target = resolvePointer(this.#document, reference);
    const found = target === undefined ? [] : referencesIn(target);
    this.#references.set(reference, found);
    return found;
  }
}

function referencesIn(schema: Schema): readonly string[] {
  const found: string[] = typeof schema["$ref"] === "string" ? [schema["$ref"]] : [];
  mapPlaces(schema, placesOfAnyDraft, "", (child) => {
    if (isSchema(child)) found.push(...referencesIn(child));
    return child;
  });
  return found;
}
