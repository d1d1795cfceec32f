import { createHash } from "node:crypto";

/**
 * An id that stays the same over restarts as long as name and parameters do: 64 hex digits.
 *
 * The parameters may hold keys and the id is public (headers, metrics), so they go in as a digest of their own: nobody who
 * sees the id can test guesses of a key against a short known text, and provider keys have too much entropy to guess.
 * `occurrence` tells apart entries that are equal in everything.
 */
export function deploymentId(modelName: string, parameters: object, occurrence: number): string {
  const digest = sha256(JSON.stringify(sorted(parameters)));
  return sha256(JSON.stringify(occurrence === 0 ? [modelName, digest] : [modelName, digest, occurrence]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The same data with keys in one order: moving a line of YAML does not change an id. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
}
