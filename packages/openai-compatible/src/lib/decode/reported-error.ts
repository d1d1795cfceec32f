import type { JsonObject } from "../json-object.ts";

/** An error inside a 200: an `error` that says something, or an object that calls itself one. */
export function reportsError(body: JsonObject): boolean {
  return Boolean(body["error"]) || body["object"] === "error";
}
