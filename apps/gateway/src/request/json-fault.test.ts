import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonFaultAt } from "./json-fault.ts";

it("reads every JSON text to its end", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonFaultAt(text)).toBe(text.length);
    }),
  );
});

it("finds the place where a character was put that belongs nowhere", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, number) => {
      const at = number % (text.length + 1);
      const broken = `${text.slice(0, at)}\u0000${text.slice(at)}`;
      expect(jsonFaultAt(broken)).toBeLessThanOrEqual(at);
      expect(() => JSON.parse(broken)).toThrow(SyntaxError);
    }),
  );
});

it("takes time in proportion to the text", () => {
  const text = `["${"\\n".repeat(500_000)}${"a".repeat(5_000_000)}${" ".repeat(1_000_000)}",`;
  expect(jsonFaultAt(`${text}${" ".repeat(1_000_000)}x]`)).toBe(text.length + 1_000_000);
});
