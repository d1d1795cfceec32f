import { RequestRefusal } from "./request-refusal.ts";

export interface RequestTarget {
  /** As it was sent: percent-encoding is left alone, so that everyone who looks at it sees the same path. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** What another reader of the same path could understand differently than the route table does. */
const ambiguities: readonly (readonly [RegExp, string])[] = [
  [/[^\x21-\x7e]/, "a character outside printable ASCII"],
  [/#/, "a fragment"],
  [/\\|%5c/i, "a backslash"],
  [/\/\//, "an empty segment"],
  [/%00/, "an encoded NUL"],
  [/\/(?:\.|%2e){1,2}(?:\/|$)/i, "a dot segment"],
  [/%(?![0-9a-f]{2})/i, "an invalid percent-encoding"],
];

const forbiddenInQuery = /[^\x21-\x7e]|#/;

/** Reads an origin-form request target; throws RequestRefusal (400, 414). */
export function parseTarget(target: string, maxBytes: number): RequestTarget {
  if (target.length > maxBytes) {
    throw new RequestRefusal(414, "target_too_long", `The request target is longer than ${maxBytes} bytes.`);
  }
  if (!target.startsWith("/")) throw invalidTarget("is not of the form /path?query");
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark + 1);
  const ambiguity = ambiguities.find(([pattern]) => pattern.test(path));
  if (ambiguity !== undefined) throw invalidTarget(`has ${ambiguity[1]} in its path`);
  if (forbiddenInQuery.test(query)) throw invalidTarget("has a forbidden character in its query");
  return { path, query };
}

function invalidTarget(problem: string): RequestRefusal {
  return new RequestRefusal(400, "invalid_target", `The request target ${problem}.`);
}
