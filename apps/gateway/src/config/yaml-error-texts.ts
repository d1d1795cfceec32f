import type { ErrorCode, YAMLError } from "yaml";

/** Our own words for each kind of YAML error: the parser's messages may quote the file, and the file may hold keys. */
const texts: Record<ErrorCode, string> = {
  ALIAS_PROPS: "an alias (*name) cannot have an anchor or a tag of its own",
  BAD_ALIAS: "unknown or malformed alias: the anchor (&name) must stand before the alias (*name)",
  BAD_COLLECTION_TYPE: "the tag does not fit this kind of value",
  BAD_DIRECTIVE: "malformed YAML directive (a line that begins with %)",
  BAD_DQ_ESCAPE: 'unknown escape after a backslash in "double quotes"; write \\\\ for a backslash',
  BAD_INDENT: "wrong indentation: this line fits neither its parent nor its neighbours",
  BAD_PROP_ORDER: "anchors and tags must stand after the indicator and before the value",
  BAD_SCALAR_START: "text cannot begin with this character without quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "a nested map or list cannot begin on the same line as another key; text with ': ' needs quotes",
  BLOCK_IN_FLOW: "an indented map or list cannot stand inside [ ] or { }",
  DUPLICATE_KEY: "this key is already set above in the same map",
  IMPOSSIBLE: "this cannot be read as YAML",
  KEY_OVER_1024_CHARS: "a key can have at most 1024 characters",
  MISSING_CHAR: "a character is missing: an unclosed quote or bracket, a comma, or the colon after a key",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line, followed by a colon",
  MULTIPLE_ANCHORS: "a value can have one anchor only",
  MULTIPLE_DOCS: "expected one YAML document, found a second one after ---",
  MULTIPLE_TAGS: "a value can have one tag only",
  NON_STRING_KEY: "a key must be plain text",
  RESOURCE_EXHAUSTION: "too deeply nested",
  TAB_AS_INDENT: "indented with a tab; YAML allows only spaces",
  TAG_RESOLVE_FAILED:
    "YAML tags (!name) are not supported; write os.environ/NAME to read an environment variable",
  UNEXPECTED_TOKEN: "unexpected character: YAML does not allow this here",
};

/** Codes that cover several mistakes: the beginning of the parser's message tells which one it is. */
const finer: readonly (readonly [string, string])[] = [
  ["Missing closing ", "this quote is never closed"],
  ["Sequence item without", texts.BAD_INDENT],
  ["Flow sequence in block collection", "a list that begins with [ must be closed with ] before this line"],
  ["Flow map in block collection", "a map that begins with { must be closed with } before this line"],
];

/** What a YAML error means to somebody who writes a configuration. */
export function explainYamlError({ code, message }: YAMLError): string {
  return finer.find(([beginning]) => message.startsWith(beginning))?.[1] ?? texts[code];
}
