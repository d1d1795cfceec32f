import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";
import type { JsonObject } from "../json-value.ts";
import type { FamilyRules } from "../model-rules.ts";

interface Allowed {
  readonly types: readonly string[];
  readonly keys: readonly string[];
}

// From the per-model schemas (2026-08-17): K2.6 and K2.7 close the object, `keep` begins with K2.6.
const allowedField: Readonly<Record<FamilyRules["thinkingField"], Allowed | undefined>> = {
  ignored: undefined,
  refused: undefined,
  type: { types: ["enabled", "disabled"], keys: ["type"] },
  "type and keep": { types: ["enabled", "disabled"], keys: ["type", "keep"] },
  "only enabled": { types: ["enabled"], keys: ["type", "keep"] },
};

export function checkThinking({ thinking, rules }: ChatRequest): ApiProblem | undefined {
  const { field } = thinking;
  if (field === undefined) return undefined;
  const keeps = field["keep"] !== undefined && field["keep"] !== null;
  if (rules.thinkingField === "ignored") return keeps ? keepRefused() : undefined;
  if (thinking.effortField !== undefined)
    return invalidRequest("cannot specify both 'thinking' and 'reasoning_effort'");
  const allowed = allowedField[rules.thinkingField];
  if (allowed === undefined)
    return invalidRequest("invalid thinking: not supported for this model, use reasoning_effort");
  if (keeps && !allowed.keys.includes("keep")) return keepRefused();
  return checkField(field, allowed);
}

function checkField(field: JsonObject, allowed: Allowed): ApiProblem | undefined {
  const type = field["type"];
  if (typeof type !== "string" || !allowed.types.includes(type))
    return invalidRequest(
      `invalid thinking: only type ${allowed.types.join(" or ")} is allowed for this model`,
    );
  const keep = field["keep"];
  if (keep !== undefined && keep !== null && keep !== "all")
    return invalidRequest("invalid thinking: only keep all is allowed for this model");
  const unknown = Object.keys(field).find((key) => key !== "keep" && !allowed.keys.includes(key));
  return unknown === undefined
    ? undefined
    : invalidRequest(`invalid thinking: unknown field ${unknown} for this model`);
}

function keepRefused(): ApiProblem {
  return invalidRequest("invalid thinking: keep is not allowed for this model");
}
