/** The keywords that speak about values of one type only. */
export const typeOfKeyword: ReadonlyMap<string, string> = new Map(
  Object.entries({
    object: [
      "properties",
      "required",
      "additionalProperties",
      "patternProperties",
      "propertyNames",
      "minProperties",
      "maxProperties",
      "dependentRequired",
      "dependentSchemas",
      "dependencies",
      "unevaluatedProperties",
    ],
    array: [
      "items",
      "prefixItems",
      "additionalItems",
      "minItems",
      "maxItems",
      "uniqueItems",
      "contains",
      "minContains",
      "maxContains",
      "unevaluatedItems",
    ],
    string: ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"],
    number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  }).flatMap(([type, keywords]) => keywords.map((keyword) => [keyword, type] as const)),
);
