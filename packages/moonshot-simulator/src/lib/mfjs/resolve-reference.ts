import { isSchemaObject, type SchemaObject } from "./schema-node.ts";

/** The schema a local reference ("#" or "#/$defs/…") names, or undefined when it names none. */
export function resolveReference(root: SchemaObject, reference: string): SchemaObject | undefined {
  if (reference === "#") return root;
  let target: unknown = root;
  for (const step of reference.split("/").slice(1)) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) target = target[Number(name)];
    else if (isSchemaObject(target) && Object.hasOwn(target, name)) target = target[name];
    else return undefined;
  }
  return isSchemaObject(target) ? target : undefined;
}
