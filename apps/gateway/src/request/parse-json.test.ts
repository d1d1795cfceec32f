import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, toPlainNumber } from "./parse-json.ts";

const written = (text: string) => JSON.stringify(parseJson(text));

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

  it.each(["1234567890123456", "0.30000000000000004", "1.7976931348623157e+308", "1e+100", "5e-324"])(
    "%s fits a double and stays an ordinary number",
    (literal) => {
      expect(parseJson(`[${literal}]`)).toEqual([Number(literal)]);
    },
  );

  it.each(["1000000000000000000000000", "1.50000000000000000000", "-0.0000000000000000", "100e100"])(
    "%s is the same value in another spelling and stays an ordinary number",
    (literal) => {
      expect(parseJson(`[${literal}]`)).toEqual([Number(literal)]);
    },
  );

  it("that is only a text is left alone", () => {
    expect(parseJson('{"id":"12345678901234567890"}')).toEqual({ id: "12345678901234567890" });
  });

  it("keeps an object whose key is __proto__", () => {
    const text = '{"__proto__":{"id":12345678901234567890}}';
    expect(written(text)).toBe(text);
  });

  it("becomes the nearest double where it is computed with", () => {
    expect(toPlainNumber(parseJson("0.70000000000000000001"))).toBe(0.7);
    expect(toPlainNumber("text")).toBe("text");
  });
});

describe("any JSON", () => {
  it("means the same after it was read and written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(written(JSON.stringify(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("keeps every integer, however long", () => {
    fc.assert(
      fc.property(fc.bigInt(), (number) => {
        // Written as an exponent only beyond 21 digits, and only where the value is exact.
        const [text = ""] = written(`[${number}]`).slice(1, -1).split("\n");
        expect(exact(text)).toBe(number);
      }),
    );
  });
});

function exact(text: string): bigint {
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e\+(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction}${"0".repeat(Number(power) - fraction.length)}`);
}

it("reads a megabyte of ordinary text and of almost-suspicious text in linear time", () => {
  const text = JSON.stringify({ a: ", 1.1.1.1.1 ".repeat(100_000), b: "1e12,".repeat(100_000) });
  const started = performance.now();
  parseJson(text);
  expect(performance.now() - started).toBeLessThan(1_000);
});
