import type { Usage } from "@perilune/core/provider";
import { isJsonObject, type JsonObject } from "../json-object.ts";

/** Canonical places for counts that providers also, or only, write beside the sums. */
const detailPlaces = [
  { details: "prompt_tokens_details", counts: ["cached_tokens", "cache_write_tokens"] },
  { details: "completion_tokens_details", counts: ["reasoning_tokens"] },
] as const;

/**
 * Reported usage with its counts in the canonical places; the provider's own keys stay. Gives the very same
 * object when nothing was missing, and undefined when the two sums cannot be known.
 */
export function mapUsage(reported: unknown): Usage | undefined {
  if (!isJsonObject(reported)) return undefined;
  const sums = readSums(reported);
  if (sums === undefined) return undefined;
  const additions = { ...missingOnly(reported, sums), ...missingDetails(reported) };
  // The three sums are numbers and the details hold numbers: what the schema of usage asks for.
  if (Object.keys(additions).length === 0) return reported as Usage;
  return { ...reported, ...additions } as Usage;
}

type Sums = Pick<Usage, "prompt_tokens" | "completion_tokens" | "total_tokens">;

/** Any two of the three sums give the third. */
function readSums(reported: JsonObject): Sums | undefined {
  const total = numberAt(reported, "total_tokens");
  const prompt =
    numberAt(reported, "prompt_tokens") ?? difference(total, numberAt(reported, "completion_tokens"));
  const completion = numberAt(reported, "completion_tokens") ?? difference(total, prompt);
  if (prompt === undefined || completion === undefined) return undefined;
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total ?? prompt + completion };
}

function difference(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined || part === undefined ? undefined : total - part;
}

function missingOnly(reported: JsonObject, sums: Sums): JsonObject {
  return Object.fromEntries(Object.entries(sums).filter(([name, sum]) => reported[name] !== sum));
}

function missingDetails(reported: JsonObject): JsonObject {
  const additions: Record<string, unknown> = {};
  for (const { details, counts } of detailPlaces) {
    const group = reported[details];
    const present: JsonObject = isJsonObject(group) ? group : {};
    const mapped: Record<string, unknown> = { ...present };
    for (const name of counts) placeCount(mapped, name, numberAt(reported, name));
    if (!isSame(present, mapped) || isUnreadable(group)) additions[details] = mapped;
  }
  return additions;
}

/** A count that is not a number is no count: the flat one stands in for it, or the place is left empty. */
function placeCount(group: Record<string, unknown>, name: string, flat: number | undefined): void {
  if (typeof group[name] === "number") return;
  if (flat !== undefined) group[name] = flat;
  else delete group[name];
}

function isUnreadable(group: unknown): boolean {
  return group !== undefined && group !== null && !isJsonObject(group);
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function numberAt(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" ? value : undefined;
}
