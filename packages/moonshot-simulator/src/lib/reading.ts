import type { ApiProblem } from "./errors.ts";

/** What came of reading a piece of a request: its value, or the refusal it earns. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: ApiProblem };

/** Reads a list item by item, up to the first that is refused. */
export function readEach<Item, Value>(
  items: readonly Item[],
  read: (item: Item, index: number) => Reading<Value>,
): Reading<readonly Value[]> {
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    const reading = read(item, index);
    if ("problem" in reading) return reading;
    values.push(reading.value);
  }
  return { value: values };
}
