/** Maps, but gives back the very same array when no item changed, so that identity tells "as it came". */
export function mapUnlessSame<Item>(
  items: readonly Item[],
  change: (item: Item, index: number) => Item,
): readonly Item[] {
  const changed = items.map(change);
  return changed.some((item, index) => item !== items[index]) ? changed : items;
}
