const annotations = ["description", "title"] as const;
const everyType = ["type", "default", ...annotations] as const;
const numeric = ["enum", "minimum", "maximum"] as const;

/** The keywords that may stand beside each type; the table is also the list of types. */
export const keywordsOfType: ReadonlyMap<unknown, ReadonlySet<string>> = new Map([
  ["object", new Set<string>([...everyType, "properties", "required", "additionalProperties"])],
  ["array", new Set<string>([...everyType, "items", "minItems", "maxItems"])],
  ["string", new Set<string>([...everyType, "enum", "minLength", "maxLength", "pattern"])],
  ["number", new Set<string>([...everyType, ...numeric])],
  ["integer", new Set<string>([...everyType, ...numeric])],
  ["boolean", new Set<string>([...everyType, "enum"])],
  ["null", new Set<string>([...everyType, "enum"])],
]);

export const rootKeywords: ReadonlySet<string> = new Set(["$id", "$defs"]);

/** What may accompany `anyOf`, `$ref` or a list of several types. */
export const annotationKeywords: ReadonlySet<string> = new Set(annotations);

export const supportedKeywords: ReadonlySet<string> = new Set([
  ...[...keywordsOfType.values()].flatMap((keywords) => [...keywords]),
  ...rootKeywords,
  "anyOf",
  "$ref",
]);

/** Property names the provider mistakes for keywords. */
export const reservedPropertyNames: ReadonlySet<string> = new Set([
  "$defs",
  "$ref",
  "anyOf",
  "required",
  "additionalProperties",
]);
