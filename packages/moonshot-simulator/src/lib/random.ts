import { createHash } from "node:crypto";

/** Chance that is no chance: the same parts give the same draws on every machine. */
export interface Draw {
  hex(digits: number): string;
  integer(least: number, most: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

export function drawFrom(...parts: readonly string[]): Draw {
  const key = JSON.stringify(parts);
  let drawn = 0;
  const hex = (digits: number): string =>
    createHash("sha256").update(`${drawn++}:${key}`).digest("hex").slice(0, digits);
  const integer = (least: number, most: number): number =>
    least + (Number.parseInt(hex(12), 16) % (most - least + 1));
  return { hex, integer, pick: (items) => items[integer(0, items.length - 1)] ?? items[0] };
}
