import type { Adjustment, ChatRequest } from "@perilune/core/provider";
import { isPlainWord } from "./plain-word.ts";
import type { Change } from "./request-rule.ts";

/** Why a parameter changes, and whether the model may answer differently for it. */
export type Because = Pick<Adjustment, "reason" | "effect">;

/** Gives a top-level parameter a value: `added` where it was absent, else `changed` in its place. */
export function setParameter(request: ChatRequest, name: string, value: unknown, because: Because): Change {
  const before = request[name];
  const adjustment: Adjustment = {
    parameter: name,
    action: before === undefined ? "added" : "changed",
    ...plain("from", before),
    ...plain("to", value),
    ...because,
  };
  return { request: { ...request, [name]: value }, adjustments: [adjustment] };
}

/** Leaves a top-level parameter out. */
export function removeParameter(request: ChatRequest, name: string, because: Because): Change {
  const rest = { ...request };
  delete rest[name];
  const adjustment: Adjustment = {
    parameter: name,
    action: "removed",
    ...plain("from", request[name]),
    ...because,
  };
  return { request: rest, adjustments: [adjustment] };
}

/** Sends a top-level parameter under another name, in the same place. */
export function renameParameter(request: ChatRequest, from: string, to: string, because: Because): Change {
  const entries = Object.entries(request).map(([name, value]) => [name === from ? to : name, value]);
  const adjustment: Adjustment = { parameter: from, action: "renamed", to, ...because };
  return {
    // Every other field is the caller's own, under its own name.
    request: Object.fromEntries(entries) as ChatRequest,
    adjustments: [adjustment],
  };
}

/** Adjustments are logged: only numbers, flags and single words may stand in them. */
function plain(key: "from" | "to", value: unknown): Partial<Adjustment> {
  if (typeof value === "number" || typeof value === "boolean") return { [key]: value };
  return isPlainWord(value) ? { [key]: value } : {};
}
