import type { Random } from "@perilune/core";

const alphabet = "0123456789abcdefghijklmnopqrstuv";
/** 6 characters of 5 bits each: what fits in a 32-bit integer, which is quick to take apart. */
const charactersPerDraw = 6;

/** A new request id: `req_` and 24 characters of base 32. Unique, not secret. */
export function newRequestId(random: Random): string {
  return `req_${characters(random)}${characters(random)}${characters(random)}${characters(random)}`;
}

function characters(random: Random): string {
  let bits = Math.floor(random() * 2 ** (5 * charactersPerDraw));
  let text = "";
  for (let count = 0; count < charactersPerDraw; count++) {
    text += alphabet.charAt(bits & 31);
    bits >>>= 5;
  }
  return text;
}
