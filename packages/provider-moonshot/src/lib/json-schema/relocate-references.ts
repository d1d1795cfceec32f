import { cannotBeExpressed } from "./change-kind.ts";
import { pointerSteps, resolvePointer } from "./json-pointer.ts";
import { mapPlaces, placesOfAnyDraft } from "./schema-places.ts";
import type { SchemaChange } from "./rewrite-step.ts";
import { isSchema, without, type Schema } from "./schema.ts";

/**
 * Makes every local reference point into the root's `$defs`, the only place Moonshot looks.
 *
 * `definitions` (draft 7) becomes `$defs`; a target elsewhere in the document is copied there. References that name
 * nothing in this document are left and reported: guessing what they meant would be a lie.
 */
export function relocateReferences(document: Schema, report: (change: SchemaChange) => void): Schema {
  const relocation = new Relocation(document, report);
  return relocation.run();
}

class Relocation {
  readonly #document: Schema;
  readonly #report: (change: SchemaChange) => void;
  readonly #nameOfReference = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #pending: [string, Schema][] = [];

  constructor(document: Schema, report: (change: SchemaChange) => void) {
    this.#document = document;
    this.#report = report;
    this.#taken = new Set(isSchema(document["$defs"]) ? Object.keys(document["$defs"]) : []);
  }

  run(): Schema {
    const { definitions } = this.#document;
    const kept = isSchema(definitions) ? without(this.#document, "definitions") : this.#document;
    if (isSchema(definitions)) {
      this.#report({
        path: "$.definitions",
        kind: "definitions became $defs",
        change: "definitions became $defs",
      });
      for (const name of Object.keys(definitions)) {
        this.#nameFor(`#/definitions/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
      }
    }
    const rewritten = this.#rewrite(kept, "$");
    return this.#withDefinitions(dropUnnamable(rewritten));
  }

  #withDefinitions(root: Schema): Schema {
    const added: [string, Schema][] = [];
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      added.push([next[0], this.#rewrite(next[1], `$.$defs.${next[0]}`)]);
    }
    if (added.length === 0) return root;
    const before = isSchema(root["$defs"]) ? root["$defs"] : {};
    return { ...root, $defs: { ...before, ...Object.fromEntries(added) } };
  }

  #rewrite(schema: Schema, path: string): Schema {
    const reference = schema["$ref"];
    const moved = typeof reference === "string" ? this.#moved(reference, path) : reference;
    const own = moved === reference ? schema : { ...schema, $ref: moved };
    return mapPlaces(own, placesOfAnyDraft, path, (child, at) =>
      isSchema(child) ? this.#rewrite(child, at) : child,
    );
  }

  #moved(reference: string, path: string): string {
    if (reference === "#") return reference;
    if (resolvePointer(this.#document, reference) === undefined) {
      const missing = reference.startsWith("#") ? "nothing in this document" : "another document";
      this.#report({ path, kind: cannotBeExpressed, change: `cannot be expressed: $ref names ${missing}` });
      return reference;
    }
    // Whether Moonshot unescapes references is unknown, so escaped ones get a plain name.
    if (/^#\/\$defs\/[^~%]+$/.test(reference)) return reference;
    this.#report({ path, kind: "$ref pointed into $defs", change: "$ref now points into $defs" });
    return `#/$defs/${this.#nameFor(reference)}`;
  }

  #nameFor(reference: string): string {
    const known = this.#nameOfReference.get(reference);
    if (known !== undefined) return known;
    const wanted =
      pointerSteps(reference)
        .at(-1)
        ?.replaceAll(/[^\w.-]/g, "_") || "definition";
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wanted}_${number}`;
    this.#taken.add(name);
    this.#nameOfReference.set(reference, name);
    const target = resolvePointer(this.#document, reference);
    if (target !== undefined) this.#pending.push([name, target]);
    return name;
  }
}

// A name with a slash cannot be referred to; its content has been copied under a plain one where it was used.
function dropUnnamable(root: Schema): Schema {
  const definitions = root["$defs"];
  if (!isSchema(definitions)) return root;
  const unnamable = Object.keys(definitions).filter((name) => name === "" || name.includes("/"));
  return unnamable.length === 0 ? root : { ...root, $defs: without(definitions, ...unnamable) };
}
