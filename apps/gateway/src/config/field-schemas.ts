import { z } from "zod";

// Every schema carries, as its error text, the words that follow "expected": one phrase for a wrong kind and one for a
// wrong size, so that messages and the published JSON Schema come from the same place.

export function text(expected: string, description: string) {
  return z.string({ error: expected }).min(1, { error: expected }).describe(description);
}

/** A key or token. Line breaks (from `$(cat file)`) would make an invalid header, so they are refused here. */
export function secret(expected: string, description: string) {
  const whole = `${expected} without spaces or line breaks`;
  return z
    .string({ error: expected })
    .min(1, { error: expected })
    .regex(/^[\u0021-\u007e]*$/u, { error: whole })
    .describe(description);
}

/** Node's timers hold 2³¹−1 ms and fire at once beyond that. */
const longestSeconds = 2_147_483;

export function seconds(description: string) {
  return z
    .number({ error: "a number of seconds" })
    .positive({ error: "a number of seconds above 0" })
    .max(longestSeconds, { error: `a number of seconds up to ${longestSeconds}` })
    .describe(`${description} In seconds.`);
}

/** As `seconds`, where 0 means "at once" or "never". */
export function secondsOrZero(description: string) {
  return z
    .number({ error: "a number of seconds" })
    .min(0, { error: "a number of seconds, 0 or more" })
    .max(longestSeconds, { error: `a number of seconds up to ${longestSeconds}` })
    .describe(`${description} In seconds.`);
}

export function wholeNumber(minimum: number, description: string, maximum = Number.MAX_SAFE_INTEGER) {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
  const expected = `a whole number, ${range}`;
  return z
    .int({ error: expected })
    .min(minimum, { error: expected })
    .max(maximum, { error: expected })
    .describe(description);
}

export function amount(minimum: number, description: string, maximum?: number) {
  const range = maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
  const expected = `a number, ${range}`;
  const schema = z.number({ error: expected }).min(minimum, { error: expected });
  return (maximum === undefined ? schema : schema.max(maximum, { error: expected })).describe(description);
}

export function flag(description: string) {
  return z.boolean({ error: "true or false" }).describe(description);
}

export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  description: string,
) {
  return z.enum(values, { error: `one of ${values.join(", ")}` }).describe(description);
}

export function listOf<Item extends z.ZodType>(item: Item, expected: string, description: string) {
  return z.array(item, { error: expected }).describe(description);
}

export function mapOf<Value extends z.ZodType>(value: Value, expected: string, description: string) {
  return z.record(z.string(), value, { error: expected }).describe(description);
}

export function anyMap(expected: string, description: string) {
  return mapOf(z.unknown(), expected, description);
}

export function section<Shape extends z.ZodRawShape>(shape: Shape, expected: string, description: string) {
  return z.strictObject(shape, { error: expected }).describe(description);
}

/** The address of an API: credentials would end in logs, a query or fragment would swallow the path put after it. */
export function baseUrl(description: string) {
  return z
    .string({ error: "an http or https URL" })
    .check((context) => {
      const expected = baseUrlComplaint(context.value);
      if (expected !== undefined)
        context.issues.push({ code: "custom", message: expected, input: context.value });
    })
    .meta({ description, format: "uri", pattern: "^https?://" });
}

/** What a base URL was expected to be instead, or nothing when it is fine. */
export function baseUrlComplaint(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null || !/^https?:\/\//iu.test(value)) return "an http or https URL";
  if (url.username !== "" || url.password !== "")
    return "an http or https URL without a user name or password";
  if (value.includes("?")) return "an http or https URL without a query";
  return value.includes("#") ? "an http or https URL without a fragment" : undefined;
}
