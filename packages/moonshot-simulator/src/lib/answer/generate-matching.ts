/** The shortest text a regular expression's common constructs allow, or undefined when it is beyond them. */
export function generateMatching(pattern: string): string | undefined {
  try {
    // Compiled first: what follows may trust that the pattern is one.
    const expression = new RegExp(pattern, "u");
    const text = alternatives({ pattern, at: 0 });
    return expression.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

const mostRepetitions = 1_000;

interface Cursor {
  readonly pattern: string;
  at: number;
}

/** Reads up to the end or a closing parenthesis; the first alternative counts, the others are only read past. */
function alternatives(cursor: Cursor): string {
  const first = sequence(cursor);
  while (peek(cursor) === "|") {
    cursor.at += 1;
    sequence(cursor);
  }
  return first;
}

function sequence(cursor: Cursor): string {
  let text = "";
  for (let next = peek(cursor); next !== "" && next !== "|" && next !== ")"; next = peek(cursor))
    text += repeated(cursor);
  return text;
}

function repeated(cursor: Cursor): string {
  const item = atom(cursor);
  const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(cursor.pattern.slice(cursor.at));
  if (quantifier === null) return item;
  cursor.at += quantifier[0].length;
  const least = quantifier[1] ?? (quantifier[0].startsWith("+") ? "1" : "0");
  if (Number(least) > mostRepetitions) throw new RangeError("the pattern asks for too much");
  return item.repeat(Number(least));
}

function atom(cursor: Cursor): string {
  const start = take(cursor);
  if (start === "^" || start === "$") return "";
  if (start === "(") return group(cursor);
  if (start === "[") return characterClass(cursor);
  if (start === ".") return "a";
  return start === "\\" ? escaped(take(cursor)) : start;
}

function group(cursor: Cursor): string {
  const lookaround = /^\?<?[=!]/.exec(cursor.pattern.slice(cursor.at));
  cursor.at += /^\?(?::|<\w+>|<?[=!])/.exec(cursor.pattern.slice(cursor.at))?.[0].length ?? 0;
  const text = alternatives(cursor);
  take(cursor);
  return lookaround === null ? text : "";
}

function characterClass(cursor: Cursor): string {
  const end = cursor.pattern.indexOf("]", cursor.at + 1);
  if (end === -1) throw new RangeError("the pattern ends too early");
  const members = cursor.pattern.slice(cursor.at, end);
  cursor.at = end + 1;
  const one = new RegExp(`[${members}]`, "u");
  return Array.from("a1A-_ .:/@#").find((candidate) => one.test(candidate)) ?? members.slice(0, 1);
}

function escaped(letter: string): string {
  const classes: Readonly<Record<string, string>> = {
    d: "1",
    w: "a",
    s: " ",
    D: "a",
    W: "-",
    S: "a",
    b: "",
    B: "",
  };
  return classes[letter] ?? letter;
}

function peek({ pattern, at }: Cursor): string {
  return pattern.charAt(at);
}

function take(cursor: Cursor): string {
  const character = peek(cursor);
  if (character === "") throw new RangeError("the pattern ends too early");
  cursor.at += 1;
  return character;
}
