import { isJsonObject, type JsonObject } from "../json-object.ts";
import { mapUnlessSame } from "./map-unless-same.ts";

/** A missing `index` is the place in the list. */
export function withIndex(choice: JsonObject, position: number): JsonObject {
  return typeof choice["index"] === "number" ? choice : { ...choice, index: position };
}

/** Applies a repair to the tool calls of a message or delta, if it has any. */
export function repairToolCalls(
  message: JsonObject,
  repair: (calls: readonly unknown[]) => readonly unknown[],
): JsonObject {
  const calls = message["tool_calls"];
  if (!Array.isArray(calls)) return message;
  const repaired = repair(calls);
  return repaired === calls ? message : { ...message, tool_calls: repaired };
}

/** Some hosts send `arguments` as the object itself instead of its JSON text. */
export function withArgumentsAsText(calls: readonly unknown[]): readonly unknown[] {
  return mapUnlessSame(calls, (call) => {
    if (!isJsonObject(call)) return call;
    const named = call["function"];
    if (!isJsonObject(named) || !isJsonObject(named["arguments"])) return call;
    return { ...call, function: { ...named, arguments: JSON.stringify(named["arguments"]) } };
  });
}

/** The object with one field replaced, or the object itself when the field is that already. */
export function withField(object: JsonObject, name: string, value: unknown): JsonObject {
  return object[name] === value ? object : { ...object, [name]: value };
}

export function withoutField(object: JsonObject, name: string): JsonObject {
  const { [name]: _removed, ...rest } = object;
  return rest;
}
