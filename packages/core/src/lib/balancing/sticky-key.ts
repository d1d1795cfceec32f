/**
 * The values of `fields` in a request as one key; undefined when it has none of them. A field is a path with
 * dots, such as `metadata.user` or `params.prompt_cache_key`.
 */
export function stickyKey(
  fields: readonly string[],
  source: Readonly<Record<string, unknown>>,
): string | undefined {
  const values = fields.map((field) => valueAt(source, field.split(".")));
  if (values.every((value) => value === undefined || value === null)) return undefined;
  // JSON keeps ["a", "bc"] apart from ["ab", "c"].
  return JSON.stringify(values.map((value) => value ?? null));
}

function valueAt(source: unknown, path: readonly string[]): unknown {
  let value = source;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    // Sound: an object that has the property.
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
