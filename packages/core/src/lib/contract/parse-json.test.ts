import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayLoseDigits, parseJsonExactly, toPlainNumber } from "./parse-json.ts";

const written = (text: string) => JSON.stringify(parseJsonExactly(text));

describe("a number in JSON", () => {
  it.each([
    "12345678901234567890",
    "-9223372036854775808",
    "9007199254740993",
    "0.1234567890123456789",
    "1e400",
    "1e-400",
    "123456789012345678901234567890.5e-3",
  ])("%s comes back as it was written", (literal) => {
    expect(written(`{"a":[{"b":${literal}}]}`)).toBe(`{"a":[{"b":${literal}}]}`);
  });

  it.each([
    "1234567890123456",
    "0.30000000000000004",
    "1.7976931348623157e+308",
    "5e-324",
    "1.50000000000000000",
  ])("%s fits a double and stays an ordinary number", (literal) => {
    expect(parseJsonExactly(`[${literal}]`)).toEqual([Number(literal)]);
  });

  it("becomes the nearest double where it is computed with", () => {
    const raw = parseJsonExactly("0.70000000000000000001");
    expect(raw).not.toBe(0.7);
    expect(toPlainNumber(raw)).toBe(0.7);
    expect(toPlainNumber("text")).toBe("text");
  });
});

it("finds nothing suspicious in the numbers answers are made of", () => {
  expect(
    mayLoseDigits('{"created":1763954512,"usage":{"prompt_tokens":262144},"logprob":-0.0123456789}'),
  ).toBe(false);
});

describe("any JSON", () => {
  it("means the same after it was read and written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(written(JSON.stringify(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("is read as JSON.parse reads it unless digits may be lost", () => {
    fc.assert(
      fc.property(fc.bigInt(), (number) => {
        const text = `[${number}]`;
        const isSame = JSON.stringify(JSON.parse(text)) === text;
        expect(isSame || mayLoseDigits(text)).toBe(true);
      }),
    );
  });
});
