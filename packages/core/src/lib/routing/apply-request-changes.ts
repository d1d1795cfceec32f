import { isDeepStrictEqual } from "node:util";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ParameterPath } from "./parse-parameter-path.ts";
import type { RequestChanges } from "./request-changes.ts";

type Parameters = Readonly<Record<string, unknown>>;

/** A request as the route wants it sent, and every change that made it so. The request itself stays as it is. */
export function applyRequestChanges<Request extends Parameters>(
  request: Request,
  { defaults, overrides, drops }: RequestChanges,
): { readonly request: Request; readonly adjustments: readonly Adjustment[] } {
  const adjustments: Adjustment[] = [];
  const added = Object.entries(defaults).filter(([parameter]) => request[parameter] === undefined);
  const filled = { ...request, ...Object.fromEntries(added) };
  for (const [parameter, to] of added) {
    adjustments.push(adjustment(parameter, undefined, to, "The route sets this default."));
  }
  for (const [parameter, to] of Object.entries(overrides)) {
    if (isDeepStrictEqual(filled[parameter], to)) continue;
    adjustments.push(adjustment(parameter, filled[parameter], to, "The route overrides this parameter."));
  }
  let changed: unknown = { ...filled, ...overrides };
  for (const { text, path } of drops) {
    const kept = without(changed, path);
    if (kept === changed) continue;
    changed = kept;
    const reason = "The route drops this parameter.";
    adjustments.push({ parameter: text, action: "removed", reason, effect: "meaning" });
  }
  // Still a map of parameters; whether an override's value makes sense is for the provider's encoder to say.
  return { request: changed as Request, adjustments };
}

function adjustment(parameter: string, from: unknown, to: unknown, reason: string): Adjustment {
  return {
    parameter,
    action: from === undefined ? "added" : "changed",
    ...(isPlain(from) && { from }),
    ...(isPlain(to) && { to }),
    reason,
    effect: "meaning",
  };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The value without what the path leads to; the very same value when there is nothing there. */
function without(value: unknown, [step, ...rest]: ParameterPath): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return withoutItems(value, step, rest);
  // Only own keys are read and written; a key such as __proto__ is data like any other.
  const record = value as Parameters;
  if (typeof step === "object" || !Object.hasOwn(record, step)) return value;
  const { [step]: inner, ...others } = record;
  if (rest.length === 0) return others;
  const kept = without(inner, rest);
  return kept === inner ? value : { ...record, [step]: kept };
}

function withoutItems(items: readonly unknown[], step: ParameterPath[number], rest: ParameterPath): unknown {
  const isMeant = (index: number) => typeof step === "object" || index === step;
  if (rest.length === 0) {
    const kept = items.filter((_, index) => !isMeant(index));
    return kept.length === items.length ? items : kept;
  }
  const kept = items.map((item: unknown, index) => (isMeant(index) ? without(item, rest) : item));
  return kept.every((item, index) => item === items[index]) ? items : kept;
}
