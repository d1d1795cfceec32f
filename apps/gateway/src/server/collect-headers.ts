import { RequestRefusal } from "./request-refusal.ts";

/** Headers of which a second one would leave open which of the two is meant: parsers differ in the one they pick. */
const singleValued = new Set([
  "api-key",
  "authorization",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "transfer-encoding",
  "x-api-key",
]);

/**
 * Headers by lower-case name, in an object without prototype: a header may be called `__proto__`.
 * Repeated list headers are joined. Throws RequestRefusal (400) where a repetition is ambiguous.
 */
export function collectHeaders(rawHeaders: readonly string[]): Record<string, string> {
  // Object.create is typed `any`; the object is filled with strings only.
  const headers = Object.create(null) as Record<string, string>;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    const value = rawHeaders[index + 1];
    if (name === undefined || value === undefined) break;
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : join(name, earlier, value);
  }
  return headers;
}

function join(name: string, earlier: string, value: string): string {
  if (singleValued.has(name) || name.startsWith("x-portkey-")) {
    throw new RequestRefusal(400, "duplicate_header", `The header ${name} was sent more than once.`, name);
  }
  return `${earlier}${name === "cookie" ? "; " : ", "}${value}`;
}
