interface RawJson {
  readonly rawJSON: string;
}

/** What Node 24 has and the standard library of TypeScript 7 does not describe yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
}
const json: JsonWithSource = JSON as JSON & JsonWithSource;

/**
 * A number whose digits a double may not hold: sixteen or more of them, or an exponent of three. It may also
 * match inside a string, which costs time and changes nothing.
 */
const suspect = /(?:^|[:[,\s])-?\d(?:[\d.]{15}|[\d.]*[eE][+-]?\d{3})/;

/** Whether JSON.parse may change a number of this text; false is certain, and costs one search. */
export function mayLoseDigits(text: string): boolean {
  return suspect.test(text);
}

/**
 * JSON.parse that loses no number: one that a double cannot hold, such as a 64-bit id, becomes a raw number
 * (`JSON.rawJSON`) that JSON.stringify writes as it came. Text without such a number pays for one search.
 */
export function parseJsonExactly(text: string): unknown {
  return mayLoseDigits(text) ? json.parse(text, keepNumber) : JSON.parse(text);
}

/** A raw number as the nearest double, for a field that is computed with; anything else as it is. */
export function toPlainNumber(value: unknown): unknown {
  return json.isRawJSON(value) ? Number(value.rawJSON) : value;
}

function keepNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== "number" || source === undefined || survives(value, source)) return value;
  return json.rawJSON(source);
}

function survives(value: number, source: string): boolean {
  const written = String(value);
  return written === source || decimal(written) === decimal(source);
}

/** One spelling per value: `1.50e3`, `1500` and `1500.0` are all `15e2`. */
function decimal(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = withoutTrailingZeros(digits);
  if (significant === "") return digits === "" && whole !== "" ? "0" : literal;
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
