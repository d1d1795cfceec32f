import { limitsOf } from "./mfjs-level.ts";
import { resolveReference } from "./resolve-reference.ts";
import {
  isSchemaObject,
  problemAt,
  type MfjsProblem,
  type SchemaNode,
  type SchemaObject,
} from "./schema-node.ts";
import { subSchemas } from "./sub-schemas.ts";

/** Limits on the document as a whole: its length, its depth and its number of property names. */
export function checkLimits(node: SchemaNode): MfjsProblem | undefined {
  const limits = limitsOf[node.level];
  if (JSON.stringify(node.schema).length > limits.schemaLength) {
    return problemAt(node.path, "schema exceeds maximum allowed size");
  }
  const names = countPropertyNames(node);
  if (names > limits.propertyNames) {
    return problemAt(
      node.path,
      `total number of properties keys(${names}) across all objects exceeds maximum limit of ${limits.propertyNames}`,
    );
  }
  return new DepthProbe(node).problem();
}

function countPropertyNames(node: SchemaNode): number {
  const own = isSchemaObject(node.schema["properties"]) ? Object.keys(node.schema["properties"]).length : 0;
  let sum = own;
  for (const { value, path } of subSchemas(node)) {
    if (isSchemaObject(value)) sum += countPropertyNames({ ...node, schema: value, path });
  }
  return sum;
}

/** Walks every path once through each reference, until the depth or the provider's step budget is exceeded. */
class DepthProbe {
  readonly #node: SchemaNode;
  #steps = 0;

  constructor(node: SchemaNode) {
    this.#node = node;
  }

  problem(): MfjsProblem | undefined {
    const { propertyDepth, referenceSteps } = limitsOf[this.#node.level];
    if (this.#tooDeep(this.#node.root, 0, ["#"])) {
      return problemAt(this.#node.path, `schema depth exceeds maximum limit of ${propertyDepth}`);
    }
    return this.#steps > referenceSteps
      ? problemAt(this.#node.path, "reference graph is too complex to validate within the step budget")
      : undefined;
  }

  #tooDeep(schema: SchemaObject, depth: number, references: readonly string[]): boolean {
    const { propertyDepth, referenceSteps } = limitsOf[this.#node.level];
    this.#steps += 1;
    if (depth > propertyDepth) return true;
    if (this.#steps > referenceSteps) return false;
    const reference = schema["$ref"];
    if (typeof reference === "string" && !references.includes(reference)) {
      const target = resolveReference(this.#node.root, reference);
      if (target !== undefined && this.#tooDeep(target, depth, [...references, reference])) return true;
    }
    for (const { value, path } of subSchemas({ ...this.#node, schema, path: [] })) {
      const [place, name] = path;
      const below = place === "properties" ? depth + 1 : depth;
      const entered = place === "$defs" ? [...references, `#/$defs/${name}`] : references;
      if (isSchemaObject(value) && this.#tooDeep(value, below, entered)) return true;
    }
    return false;
  }
}
