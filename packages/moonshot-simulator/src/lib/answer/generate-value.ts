import { isObject, type JsonObject } from "../json-value.ts";
import type { Draw } from "../random.ts";
import { generateText } from "./generate-text.ts";

interface Scene {
  readonly root: JsonObject;
  readonly question: string;
  readonly draw: Draw;
  /** How many more schemas may be looked at: one that refers to itself in several places never ends. */
  budget: number;
}

/** Below this depth only what a schema requires is generated. */
const generousDepth = 4;
/** No schema the dialect allows nests deeper; a reference to itself does. */
const deepest = 40;

/** A value that satisfies a JSON schema of the provider's dialect, with the words of the question where they fit. */
export function generateValue(schema: JsonObject, question: string, draw: Draw): unknown {
  return valueFor(schema, "", 0, { root: schema, question, draw, budget: 5_000 });
}

function valueFor(given: unknown, name: string, depth: number, scene: Scene): unknown {
  scene.budget -= 1;
  if (!isObject(given) || depth > deepest || scene.budget < 0) return null;
  const schema = flatten(given, depth, scene);
  if ("const" in schema) return schema["const"];
  const choices = schema["enum"];
  if (Array.isArray(choices)) return chooseFrom(choices, scene);
  switch (typeOf(schema)) {
    case "object":
      return objectFor(schema, depth, scene);
    case "array":
      return arrayFor(schema, name, depth, scene);
    case "integer":
    case "number":
      return numberFor(schema, scene.question);
    case "boolean":
      return scene.draw.pick([true, false]);
    case "null":
      return null;
    default:
      return generateText(schema, name, scene.question);
  }
}

/** Resolves references, picks an alternative and merges what `allOf` adds, until nothing is left to resolve. */
function flatten(schema: JsonObject, depth: number, scene: Scene): JsonObject {
  const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
  const alternatives = Array.isArray(anyOf) ? anyOf : oneOf;
  const parts: unknown[] = [
    ...(typeof $ref === "string" ? [resolve($ref, scene.root)] : []),
    ...(Array.isArray(alternatives) ? [pickAlternative(alternatives, depth)] : []),
    ...(Array.isArray(allOf) ? allOf : []),
  ];
  scene.budget -= parts.length;
  if (parts.length === 0 || depth > deepest || scene.budget < 0) return schema;
  return parts
    .filter(isObject)
    .map((part) => flatten(part, depth + 1, scene))
    .reduce(merge, rest);
}

// Near the surface the richest alternative is the more useful answer; deep down the shortest one ends the recursion.
function pickAlternative(alternatives: readonly unknown[], depth: number): unknown {
  if (depth < generousDepth) return alternatives.find((schema) => !isNull(schema));
  const bySize = alternatives.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
  return alternatives.find(isNull) ?? bySize[0];
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema["type"] === "null";
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const both = (field: string) => [left[field], right[field]] as const;
  const [leftProperties, rightProperties] = both("properties");
  const [leftRequired, rightRequired] = both("required");
  return {
    ...left,
    ...right,
    ...(isObject(leftProperties) && isObject(rightProperties)
      ? { properties: { ...leftProperties, ...rightProperties } }
      : {}),
    ...(Array.isArray(leftRequired) && Array.isArray(rightRequired)
      ? { required: [...leftRequired, ...rightRequired] }
      : {}),
  };
}

function resolve(reference: string, root: JsonObject): unknown {
  const steps = reference
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>((node, step) => (isObject(node) ? node[step] : undefined), root);
}

function typeOf(schema: JsonObject): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((candidate) => candidate !== "null") ?? "null";
  if (type !== undefined) return type;
  if (isObject(schema["properties"])) return "object";
  return "items" in schema ? "array" : "string";
}

function chooseFrom(choices: readonly unknown[], { question, draw }: Scene): unknown {
  const asked = question.toLowerCase();
  const mentioned = choices.find(
    (choice) => typeof choice === "string" && asked.includes(choice.toLowerCase()),
  );
  const [first, ...others] = choices;
  return mentioned ?? draw.pick([first, ...others]);
}

function objectFor(schema: JsonObject, depth: number, scene: Scene): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const wanted = Object.entries(properties).filter(
    ([name]) => depth < generousDepth || required.includes(name),
  );
  return Object.fromEntries(wanted.map(([name, value]) => [name, valueFor(value, name, depth + 1, scene)]));
}

function arrayFor(schema: JsonObject, name: string, depth: number, scene: Scene): unknown[] {
  const first: readonly unknown[] = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY;
  const generous = depth < generousDepth ? Math.max(1, first.length) : 0;
  const length = Math.min(most, Math.max(least, generous));
  return Array.from({ length }, (_, index) =>
    valueFor(first[index] ?? schema["items"] ?? { type: "string" }, name, depth + 1, scene),
  );
}

function numberFor(schema: JsonObject, question: string): number {
  const whole = schema["type"] === "integer" || typeof schema["multipleOf"] === "number";
  const step = typeof schema["multipleOf"] === "number" ? schema["multipleOf"] : 1;
  const bound = (field: string) => (typeof schema[field] === "number" ? schema[field] : undefined);
  const above = bound("exclusiveMinimum");
  const below = bound("exclusiveMaximum");
  const least = bound("minimum") ?? (above === undefined ? undefined : above + step);
  const most = bound("maximum") ?? (below === undefined ? undefined : below - step);
  const asked = /-?\d+(?:\.\d+)?/.exec(question)?.[0];
  const wish = asked === undefined ? 1 : Number(asked);
  const inside = Math.min(
    most ?? Number.POSITIVE_INFINITY,
    Math.max(least ?? Number.NEGATIVE_INFINITY, wish),
  );
  return whole ? Math.ceil(inside / step) * step : inside;
}
