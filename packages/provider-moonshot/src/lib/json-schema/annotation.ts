const annotations: ReadonlySet<string> = new Set([
  "$comment",
  "default",
  "deprecated",
  "description",
  "discriminator",
  "example",
  "examples",
  "externalDocs",
  "readOnly",
  "title",
  "writeOnly",
  "xml",
]);

/** What belongs to the document and not to the node that happens to be its root. */
export const documentKeywords: readonly string[] = ["$schema", "$id", "$defs", "definitions"];

/** Whether a keyword only describes: it may stay beside `anyOf` and `$ref` without changing what is valid. */
export function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || keyword.startsWith("x-") || documentKeywords.includes(keyword);
}
