import { PatternRefusal } from "./pattern-syntax.ts";
import type { PatternNode, PatternSyntax } from "./pattern-syntax.ts";

/** One step of a Thompson automaton; where nothing else is said it goes on at the next one. */
export type Instruction =
  | { readonly kind: "character"; readonly spelling: number }
  | { readonly kind: "split"; readonly first: number; readonly second: number }
  | { readonly kind: "jump"; readonly to: number }
  | { readonly kind: "start" | "end" | "accept" }
  | { readonly kind: "boundary"; readonly expected: boolean };

export interface PatternProgram {
  readonly instructions: readonly Instruction[];
  /** What `spelling` numbers: `a`, `\d`, `[^x-z]`. The first is always `\w`, for word boundaries. */
  readonly spellings: readonly string[];
}

export const wordSpelling = 0;

/** Bounds the work per character of text. */
const maxInstructions = 2_500;

/** The automaton of a pattern. Throws PatternRefusal when its bounded repetitions make it too large. */
export function compileProgram({ root }: PatternSyntax): PatternProgram {
  if (sizeOf(root) > maxInstructions) {
    throw new PatternRefusal("is too large once its bounded repetitions are written out");
  }
  const program: Instruction[] = [];
  const spellings = new Map([["\\w", wordSpelling]]);
  emit(root, { program, spellings });
  program.push({ kind: "accept" });
  return { instructions: program, spellings: [...spellings.keys()] };
}

/** Counted before anything is built: `((a{1000}){1000}){1000}` is only seventeen characters long. */
function sizeOf(node: PatternNode): number {
  if (node.kind === "sequence") return sum(node.items);
  if (node.kind === "choice") return sum(node.items) + 2 * node.items.length;
  if (node.kind !== "repeat") return 1;
  const item = sizeOf(node.item);
  const tail = node.most === Infinity ? item + 2 : (node.most - node.least) * (item + 1);
  return node.least * item + tail;
}

function sum(nodes: readonly PatternNode[]): number {
  return nodes.reduce((total, node) => total + sizeOf(node), 0);
}

interface Assembly {
  readonly program: Instruction[];
  readonly spellings: Map<string, number>;
}

function emit(node: PatternNode, assembly: Assembly): void {
  const { program } = assembly;
  switch (node.kind) {
    case "atom":
      program.push({ kind: "character", spelling: numberOf(node.source, assembly) });
      return;
    case "sequence":
      for (const item of node.items) emit(item, assembly);
      return;
    case "choice":
      emitChoice(node.items, assembly);
      return;
    case "repeat":
      emitRepeat(node, assembly);
      return;
    case "start":
    case "end":
    case "boundary":
      program.push(node);
  }
}

function numberOf(source: string, { spellings }: Assembly): number {
  const number = spellings.get(source) ?? spellings.size;
  spellings.set(source, number);
  return number;
}

function emitChoice([item, ...others]: readonly PatternNode[], assembly: Assembly): void {
  if (item === undefined) return;
  if (others.length === 0) {
    emit(item, assembly);
    return;
  }
  const { program } = assembly;
  const split = reserve(program);
  emit(item, assembly);
  const jump = reserve(program);
  program[split] = { kind: "split", first: split + 1, second: program.length };
  emitChoice(others, assembly);
  program[jump] = { kind: "jump", to: program.length };
}

function emitRepeat(node: Extract<PatternNode, { kind: "repeat" }>, assembly: Assembly): void {
  const { program } = assembly;
  for (let count = 0; count < node.least; count++) emit(node.item, assembly);
  if (node.most === Infinity) {
    const split = reserve(program);
    emit(node.item, assembly);
    program.push({ kind: "jump", to: split });
    program[split] = { kind: "split", first: split + 1, second: program.length };
    return;
  }
  const splits: number[] = [];
  for (let count = node.least; count < node.most; count++) {
    splits.push(reserve(program));
    emit(node.item, assembly);
  }
  for (const split of splits) program[split] = { kind: "split", first: split + 1, second: program.length };
}

/** Room for a step whose goal is known only after what follows it. */
function reserve(program: Instruction[]): number {
  return program.push({ kind: "jump", to: program.length + 1 }) - 1;
}
