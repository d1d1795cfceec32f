/** Something that clients ask for by name and that leads to a model id; both may hold `*`. */
export interface NamedModel {
  readonly modelName: string;
  readonly model: string;
}

interface ModelMatch<Entry> {
  /** The configured name or pattern that matched: "moonshot/*". */
  readonly modelName: string;
  /** All entries under it, each with its wildcards filled in. */
  readonly members: readonly { readonly entry: Entry; readonly model: string }[];
}

export type ModelLookup<Entry> = (name: string) => ModelMatch<Entry> | undefined;

/**
 * Compiles model names once; a lookup of an exact name is one map access. An exact name wins over every pattern, a
 * pattern with more fixed characters over one with fewer, then fewer stars over more, then the one written first.
 */
export function compileModelNames<Entry extends NamedModel>(entries: readonly Entry[]): ModelLookup<Entry> {
  const groups = groupByName(entries);
  const exact = new Map<string, ModelMatch<Entry>>();
  const patterns: { modelName: string; members: readonly Entry[]; literals: readonly string[] }[] = [];
  for (const [modelName, members] of groups) {
    if (isPattern(modelName)) patterns.push({ modelName, members, literals: modelName.split("*") });
    else
      exact.set(modelName, { modelName, members: members.map((entry) => ({ entry, model: entry.model })) });
  }
  patterns.sort((left, right) => bySpecificity(left.literals, right.literals));
  return (name) => {
    const known = exact.get(name);
    if (known !== undefined) return known;
    for (const { modelName, members, literals } of patterns) {
      const captured = capture(literals, name);
      const filled = captured && members.map((entry) => ({ entry, model: fill(entry.model, captured) }));
      if (filled?.every(({ model }) => model !== "")) return { modelName, members: filled };
    }
    return undefined;
  };
}

/** Whether a name is a pattern. */
export function isPattern(name: string): boolean {
  return name.includes("*");
}

export function countWildcards(name: string): number {
  return name.split("*").length - 1;
}

function groupByName<Entry extends NamedModel>(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.modelName);
    if (group === undefined) groups.set(entry.modelName, [entry]);
    else group.push(entry);
  }
  return groups;
}

function bySpecificity(left: readonly string[], right: readonly string[]): number {
  return right.join("").length - left.join("").length || left.length - right.length;
}

/**
 * What each star stands for when the whole name fits the pattern; the first star takes as much as it can, as in a greedy
 * regular expression. Not a regular expression, because names come from clients: several `.*` in one can be made to
 * backtrack for minutes, whereas this walks the name once, from its end.
 */
function capture(literals: readonly string[], name: string): string[] | undefined {
  const first = literals[0] ?? "";
  const last = literals.at(-1) ?? "";
  if (name.length < first.length + last.length) return undefined;
  if (!name.startsWith(first) || !name.endsWith(last)) return undefined;
  const captured: string[] = [];
  let end = name.length - last.length;
  for (const literal of literals.slice(1, -1).toReversed()) {
    const start = end - literal.length < first.length ? -1 : name.lastIndexOf(literal, end - literal.length);
    if (start < first.length) return undefined;
    captured.unshift(name.slice(start + literal.length, end));
    end = start;
  }
  captured.unshift(name.slice(first.length, end));
  return captured;
}

/** Puts the captured pieces into a model id, star by star. */
function fill(model: string, captured: readonly string[]): string {
  let next = 0;
  return model.replaceAll("*", () => captured[next++] ?? "");
}
