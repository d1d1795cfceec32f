/** A key, an index into a list, or `[*]`: every item of a list. */
type PathStep = string | number | { readonly every: true };

export type ParameterPath = readonly PathStep[];

/** `tools[*].function.strict` → its steps; undefined when it cannot be read as a path. */
export function parseParameterPath(text: string): ParameterPath | undefined {
  const steps: PathStep[] = [];
  const piece =
    /(?:^|(?<!^)\.)(?<key>[^.[\]]+)|\[(?<index>\d{1,9})\]|\[(?<every>\*)\]|\[(?<quote>["'])(?<quoted>.+?)\k<quote>\]/uy;
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text)?.groups;
    if (found === undefined) return undefined;
    const key = found["key"] ?? found["quoted"];
    if (key !== undefined) steps.push(key);
    else if (found["index"] !== undefined) steps.push(Number(found["index"]));
    else steps.push({ every: true });
  }
  return typeof steps[0] === "string" ? steps : undefined;
}
