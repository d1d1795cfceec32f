import { expect, it } from "vitest";
import { countTokens, splitTokens } from "./token-count.ts";

const texts = [
  "What is 17*23? Think briefly; answer with just the number.",
  "你好，李雷！1+1等于2。 ok",
  "  two  blanks \n\n\tand a tab ",
  "emoji 👩‍👩‍👧 and é combining, ½ and a lone \ud800 half",
  '{"city":"San Francisco","n":12345}',
  "",
];

it.each(texts)("cuts %j into pieces that join to it again", (text) => {
  expect(splitTokens(text).join("")).toBe(text);
  expect(countTokens(text)).toBe(splitTokens(text).length);
});

it("counts the recorded prompt as its 16 tokens of text", () => {
  expect(countTokens(texts[0]!)).toBe(16);
});
