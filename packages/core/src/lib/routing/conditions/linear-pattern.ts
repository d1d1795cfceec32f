import { ProviderError } from "../../contract/provider-error.ts";
import { CharacterClasses } from "./character-classes.ts";
import type { CharacterClass } from "./character-classes.ts";
import type { LinearPattern } from "./condition.ts";
import { compileProgram, wordSpelling } from "./pattern-program.ts";
import type { Instruction } from "./pattern-program.ts";
import { parsePattern, PatternRefusal } from "./pattern-syntax.ts";
import type { PatternSyntax } from "./pattern-syntax.ts";

export type CompiledPattern = { readonly pattern: LinearPattern } | { readonly refusal: string };

/**
 * A regular expression that is matched in time linear in the text, whatever the pattern: all ways to match are followed
 * at once (Thompson, 1968), and sets of them that were met before are remembered as the states of an automaton. Finds a
 * match anywhere in the text, as RegExp `test` does. `refusal` completes a sentence that begins with the pattern.
 * `test` throws ProviderError `invalid_request` for a counting pattern on a text that together would take too long.
 */
export function compileLinearPattern(source: string): CompiledPattern {
  try {
    const syntax = parsePattern(source);
    const automaton = automatonOf(syntax);
    return { pattern: { source, test: (text) => automaton.test(text) ?? refuseText(source, text) } };
  } catch (thrown) {
    if (thrown instanceof PatternRefusal) return { refusal: thrown.message };
    throw thrown;
  }
}

function refuseText(source: string, { length }: string): never {
  throw new ProviderError({
    code: "invalid_request",
    message: `The regular expression ${JSON.stringify(source)} takes too long on a text of ${length} characters.`,
    origin: "router",
    failure: "not_sent",
  });
}

function automatonOf(syntax: PatternSyntax): Automaton {
  const { instructions, spellings } = compileProgram(syntax);
  return new Automaton(instructions, new CharacterClasses(spellings, syntax.ignoresCase));
}

/** What stands before the next character. */
type Before = "nothing" | "word" | "other";

/** All that matters of the text read so far. */
interface State {
  /** Steps that have just been reached; where they lead depends on the next character. */
  readonly steps: readonly number[];
  readonly before: Before;
  readonly next: Map<CharacterClass, State | "accepted">;
  /** False beyond the limit: met once and forgotten, with all that it leads to. */
  readonly isKept: boolean;
}

/** Bound what a pattern may keep between texts; beyond them it is as right, and slower. */
const maxStates = 200;
const maxTransitions = 20_000;

/**
 * Most steps of the program for one text, some 40 ms. Linear is not yet quick: `a[ab]{999}c` has up to a thousand ways
 * to match at every character, and no two sets of them are the same.
 */
const maxVisits = 2_000_000;

class Automaton {
  readonly #program: readonly Instruction[];
  readonly #classes: CharacterClasses;
  readonly #states = new Map<string, State>();
  readonly #initial: State = { steps: [], before: "nothing", next: new Map(), isKept: true };
  /** The round in which a step was last visited or reached. */
  readonly #visited: Float64Array;
  readonly #reached: Float64Array;
  #round = 0;
  #visits = 0;
  #transitions = 0;

  constructor(program: readonly Instruction[], classes: CharacterClasses) {
    this.#program = program;
    this.#classes = classes;
    this.#visited = new Float64Array(program.length);
    this.#reached = new Float64Array(program.length);
  }

  /** Undefined when the limit was met. */
  test(text: string): boolean | undefined {
    this.#visits = 0;
    let state = this.#initial;
    for (let index = 0; index < text.length;) {
      const codePoint = text.codePointAt(index) ?? 0;
      const character = this.#classes.classOf(codePoint);
      const next = state.next.get(character) ?? this.#follow(state, character);
      if (next === "accepted") return true;
      if (this.#visits > maxVisits) return undefined;
      state = next;
      index += codePoint > 0xffff ? 2 : 1;
    }
    return this.#advance(state, undefined) === "accepted";
  }

  #follow(state: State, character: CharacterClass): State | "accepted" {
    const steps = this.#advance(state, character);
    const next = steps === "accepted" ? steps : this.#stateOf(steps, isWord(character) ? "word" : "other");
    const isKept = character.isKept && (next === "accepted" || next.isKept);
    if (isKept && this.#transitions < maxTransitions) {
      this.#transitions++;
      state.next.set(character, next);
    }
    return next;
  }

  #stateOf(steps: readonly number[], before: Before): State {
    const isKept = this.#states.size < maxStates;
    const fresh: State = { steps, before, next: new Map(), isKept };
    if (!isKept) return fresh;
    const key = `${before} ${steps.toSorted((a, b) => a - b).join(" ")}`;
    const known = this.#states.get(key) ?? fresh;
    this.#states.set(key, known);
    return known;
  }

  /** Where the state's steps and a fresh attempt from here lead over one character; undefined: the end of the text. */
  #advance({ steps, before }: State, character: CharacterClass | undefined): readonly number[] | "accepted" {
    this.#round++;
    const isBoundary = (before === "word") !== (character !== undefined && isWord(character));
    const pending = [0, ...steps];
    const after: number[] = [];
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      this.#visits++;
      if (this.#visited[step] === this.#round) continue;
      this.#visited[step] = this.#round;
      const instruction = this.#program[step];
      if (instruction === undefined) continue;
      switch (instruction.kind) {
        case "accept":
          return "accepted";
        case "character":
          if (character?.accepts[instruction.spelling] === 1) this.#reach(step + 1, after);
          break;
        case "split":
          pending.push(instruction.first, instruction.second);
          break;
        case "jump":
          pending.push(instruction.to);
          break;
        case "start":
          if (before === "nothing") pending.push(step + 1);
          break;
        case "end":
          if (character === undefined) pending.push(step + 1);
          break;
        case "boundary":
          if (isBoundary === instruction.expected) pending.push(step + 1);
      }
    }
    return after;
  }

  #reach(step: number, after: number[]): void {
    if (this.#reached[step] === this.#round) return;
    this.#reached[step] = this.#round;
    after.push(step);
  }
}

function isWord({ accepts }: CharacterClass): boolean {
  return accepts[wordSpelling] === 1;
}
