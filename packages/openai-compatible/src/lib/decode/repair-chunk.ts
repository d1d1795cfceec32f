import { isJsonObject, type JsonObject } from "../json-object.ts";
import { mapUnlessSame } from "./map-unless-same.ts";
import { mapUsage } from "./map-usage.ts";
import { numberToolCalls, type BegunToolCalls } from "./number-tool-calls.ts";
import { repairToolCalls, withArgumentsAsText, withField, withIndex, withoutField } from "./repair-choice.ts";
import type { StreamState } from "./stream-state.ts";

export interface RepairedChunk {
  /** The very object that came when nothing had to be repaired. */
  readonly chunk: JsonObject;
  readonly state: StreamState;
}

/** Brings one reported chunk into canonical form and notes what later events need. */
export function repairChunk(reported: JsonObject, before: StreamState): RepairedChunk {
  const { chunk, topLevelUsage } = repairUsage(reported);
  let state = topLevelUsage === undefined ? before : { ...before, topLevelUsage };
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return { chunk: repairMissingChoices(chunk), state };
  const repaired = mapUnlessSame<unknown>(choices, (choice, position) => {
    if (!isJsonObject(choice)) return choice;
    const step = repairChoice(withIndex(choice, position), state);
    state = step.state;
    return step.choice;
  });
  return { chunk: withField(chunk, "choices", repaired), state };
}

function repairUsage(reported: JsonObject) {
  const usage = reported["usage"];
  const topLevelUsage = mapUsage(usage);
  if (topLevelUsage !== undefined)
    return { chunk: withField(reported, "usage", topLevelUsage), topLevelUsage };
  return { chunk: usage ? withoutField(reported, "usage") : reported, topLevelUsage };
}

/** A chunk that only brings usage needs no choices; any other chunk without them is left for the check. */
function repairMissingChoices(chunk: JsonObject): JsonObject {
  return chunk["usage"] && chunk["choices"] === undefined ? { ...chunk, choices: [] } : chunk;
}

function repairChoice(choice: JsonObject, before: StreamState) {
  // `withIndex` has just seen to it.
  const index = choice["index"] as number;
  const delta = choice["delta"] ?? {};
  let begun = before.toolCalls.get(index);
  const repaired = !isJsonObject(delta)
    ? delta
    : repairToolCalls(delta, (calls) => {
        const numbered = numberToolCalls(withArgumentsAsText(calls), begun);
        begun = numbered.begun;
        return numbered.calls;
      });
  return {
    choice: withField(choice, "delta", repaired),
    state: noteUsage(noteToolCalls(before, index, begun), index, choice["usage"]),
  };
}

function noteToolCalls(state: StreamState, index: number, begun: BegunToolCalls | undefined): StreamState {
  if (begun === undefined || begun === state.toolCalls.get(index)) return state;
  return { ...state, toolCalls: new Map(state.toolCalls).set(index, begun) };
}

function noteUsage(state: StreamState, index: number, reported: unknown): StreamState {
  const usage = mapUsage(reported);
  return usage === undefined
    ? state
    : { ...state, choiceUsages: new Map(state.choiceUsages).set(index, usage) };
}
