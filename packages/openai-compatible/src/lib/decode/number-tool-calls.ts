import { isJsonObject, type JsonObject } from "../json-object.ts";
import { mapUnlessSame } from "./map-unless-same.ts";

/** The tool calls one choice has begun, by index. */
export interface BegunToolCalls {
  readonly ids: readonly string[];
  readonly current: number;
}

const none: BegunToolCalls = { ids: [], current: 0 };

export interface NumberedToolCalls {
  readonly calls: readonly unknown[];
  readonly begun: BegunToolCalls;
}

/**
 * Gives every tool-call delta the index of the call it belongs to. Hosts that leave it out are read by what
 * they do send: a new id begins a call, a known one returns to it, a name without id begins one as well, and
 * anything else goes on with the call before. (Deltas without index, and with blank ids, were met in 2026.)
 */
export function numberToolCalls(calls: readonly unknown[], before: BegunToolCalls = none): NumberedToolCalls {
  let begun = before;
  const numbered = mapUnlessSame(calls, (call) => {
    if (!isJsonObject(call)) return call;
    const index = typeof call["index"] === "number" ? call["index"] : guessIndex(call, begun);
    begun = remember(begun, index, text(call["id"]));
    return call["index"] === index ? call : { ...call, index };
  });
  return { calls: numbered, begun };
}

function guessIndex(call: JsonObject, { ids, current }: BegunToolCalls): number {
  const id = text(call["id"]);
  if (id !== "") return ids.includes(id) ? ids.indexOf(id) : ids.length;
  const named = call["function"];
  const isNamed = isJsonObject(named) && text(named["name"]) !== "";
  return isNamed ? ids.length : current;
}

function remember(begun: BegunToolCalls, index: number, id: string): BegunToolCalls {
  const known = begun.ids[index];
  if (known !== undefined && (id === "" || id === known)) {
    return begun.current === index ? begun : { ...begun, current: index };
  }
  const ids = Array.from(
    { length: Math.max(begun.ids.length, index + 1) },
    (_, place) => begun.ids[place] ?? "",
  );
  return { ids: ids.with(index, id), current: index };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
