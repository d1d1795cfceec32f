import type { Path } from "./config-problem.ts";
import type { LocatedValue } from "./located-value.ts";

const secretKey =
  /key$|keys$|secret|password|token$|credential|authorization|^environment_variables$|headers$/iu;

/** Keys of tokens counted, not of tokens that open doors. */
const harmlessKey = /^(?:prompt_cache_key|virtual_keys|max_.*)$/u;

/** Whether what stands under this key must never be printed. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key) && !harmlessKey.test(key);
}

/** Whether any step of the path leads into something that must never be printed. */
export function isSecretPath(path: Path): boolean {
  return path.some((segment) => typeof segment === "string" && isSecretKey(segment));
}

/**
 * A key pasted in the wrong place must not reach a terminal or a log either: anything with a key prefix, a URL that
 * carries a user name or query, or one long run without spaces is treated as a secret wherever it stands.
 */
function looksLikeCredential(text: string): boolean {
  return /\b(?:sk|pk|rk)-|bearer |[@?#]|[a-z0-9+=]{24,}|\S{49,}/iu.test(text);
}

/** What was found at a path, for the reader of a message: the value itself only where it cannot be a secret. */
export function printableValue(value: LocatedValue, path: Path): string {
  if (value.kind !== "scalar") return value.kind === "list" ? "a list" : "a map";
  if (value.value === null) return "nothing";
  const kind = { string: "text", number: "a number", boolean: "true or false" }[kindOf(value.value)];
  if (value.variable !== undefined) return `${kind} from the environment variable ${value.variable}`;
  if (isSecretPath(path)) return value.value === "" ? "empty text" : `${kind} (not shown)`;
  if (typeof value.value !== "string") return String(value.value);
  return quoted(value.value) ?? "text (not shown)";
}

function kindOf(value: string | number | boolean): "string" | "number" | "boolean" {
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : "boolean";
}

/** The text in quotes on one line, or nothing when it may be a secret. */
export function quoted(text: string): string | undefined {
  return looksLikeCredential(text) ? undefined : JSON.stringify(text);
}

/** `model_list[0].litellm_params.model`; keys that may be misplaced secrets are masked. */
export function printablePath(path: Path): string {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else text += (text === "" ? "" : ".") + printableKey(segment);
  }
  return text;
}

/** A key as it may be shown: one that reads like a pasted credential is not. */
export function printableKey(key: string): string {
  if (looksLikeCredential(key)) return "(not shown)";
  return /^[\w*/:.-]+$/u.test(key) ? key : JSON.stringify(key);
}
