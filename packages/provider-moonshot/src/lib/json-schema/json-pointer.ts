import { isSchema, type Schema } from "./schema.ts";

/** The schema a reference into the same document names, or undefined when it names none. */
export function resolvePointer(document: Schema, reference: string): Schema | undefined {
  if (reference === "#") return document;
  if (!reference.startsWith("#/")) return undefined;
  let target: unknown = document;
  for (const name of pointerSteps(reference)) {
    const holder: unknown = target;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
    // Own property of an object or array, checked above.
    target = (holder as Schema)[name];
  }
  return isSchema(target) ? target : undefined;
}

export function pointerSteps(reference: string): readonly string[] {
  return reference
    .slice(2)
    .split("/")
    .map((step) => unescapePercent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
