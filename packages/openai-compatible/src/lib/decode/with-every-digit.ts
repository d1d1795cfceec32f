import { mayLoseDigits, parseJsonExactly, toPlainNumber } from "@perilune/core/provider";
import { isJsonObject, type JsonObject } from "../json-object.ts";

/** Where the contract promises numbers; a list is looked at item by item. */
interface NumberPlaces {
  readonly [name: string]: "number" | NumberPlaces;
}

const usage: NumberPlaces = {
  prompt_tokens: "number",
  completion_tokens: "number",
  total_tokens: "number",
  cached_tokens: "number",
  cache_write_tokens: "number",
  reasoning_tokens: "number",
  prompt_tokens_details: { cached_tokens: "number", cache_write_tokens: "number" },
  completion_tokens_details: { reasoning_tokens: "number" },
};
const toolCalls: NumberPlaces = { tool_calls: { index: "number" } };
const contractNumbers: NumberPlaces = {
  created: "number",
  usage,
  choices: { index: "number", usage, delta: toolCalls, message: toolCalls },
};

/**
 * What is to be written anew, parsed so that no number of a field nobody knows loses digits: a 64-bit id would.
 * Gives the very same object when none can.
 */
export function withEveryDigit(parsed: JsonObject, text: string): JsonObject {
  if (!mayLoseDigits(text)) return parsed;
  const exact = withPlainNumbers(parseJsonExactly(text), contractNumbers);
  return isJsonObject(exact) ? exact : parsed;
}

function withPlainNumbers(value: unknown, places: "number" | NumberPlaces): unknown {
  const plain = toPlainNumber(value);
  if (places === "number") return plain;
  if (Array.isArray(plain)) return plain.map((item: unknown) => withPlainNumbers(item, places));
  if (!isJsonObject(plain)) return plain;
  const changed = Object.entries(places)
    .filter(([name]) => Object.hasOwn(plain, name))
    .map(([name, inner]) => [name, withPlainNumbers(plain[name], inner)]);
  return { ...plain, ...Object.fromEntries(changed) };
}
