import type { Usage } from "@perilune/core/provider";
import type { BegunToolCalls } from "./number-tool-calls.ts";
import { mergeChoiceUsage } from "./merge-choice-usage.ts";

/** All that has to be remembered between two events of a stream. */
export interface StreamState {
  readonly topLevelUsage: Usage | undefined;
  readonly choiceUsages: ReadonlyMap<number, Usage>;
  readonly toolCalls: ReadonlyMap<number, BegunToolCalls>;
}

export const emptyStreamState: StreamState = {
  topLevelUsage: undefined,
  choiceUsages: new Map(),
  toolCalls: new Map(),
};

/**
 * Usage may be reported on each choice and once more for the whole: the whole speaks for all of them, so
 * nothing is counted twice.
 */
export function knownUsage(state: StreamState): Usage | undefined {
  return state.topLevelUsage ?? mergeChoiceUsage([...state.choiceUsages.values()]);
}
