import { nearestNames, type ChatTarget, type ErrorCode, type ModelProfile } from "@perilune/core/provider";
import type { ErrorDialect, ErrorRule } from "@perilune/openai-compatible";
import { models } from "./models.ts";

const keyHint =
  "Keys of api.moonshot.ai and api.moonshot.cn are not interchangeable; check that the key belongs to the base URL.";

/**
 * The platform's error table (docs/api/errors, 2026) and what was observed beside it. Three different things
 * share the status 429, so the type and the words are asked before the status.
 */
const rules: readonly ErrorRule[] = [
  { type: "content_filter", means: "content_filtered" },
  { words: /considered high risk/i, means: "content_filtered" },
  { words: /exceed(ed|s|ing)?\b.*model token limit/i, means: "context_length_exceeded" },
  { words: /input token length too long/i, means: "context_length_exceeded" },
  {
    words: /total message size \d+ exceeds|exceeds the maximum size|file size is too large/i,
    means: "request_too_large",
  },
  { type: "exceeded_current_quota_error", means: "quota_exhausted" },
  // In words as well: Moonshot's help centre speaks of a 403 for an empty account, and clients met these texts.
  { words: /exceeded your current (token )?quota|check your account balance/i, means: "quota_exhausted" },
  { words: /insufficient balance|please recharge|account (is )?in arrears/i, means: "quota_exhausted" },
  { words: /reached your usage limit/i, means: "quota_exhausted" },
  { type: "engine_overloaded_error", means: "overloaded" },
  { words: /engine is currently overloaded/i, means: "overloaded" },
  { type: "rate_limit_reached_error", means: "rate_limited" },
  {
    type: "invalid_authentication_error",
    means: "authentication",
    hint: keyHint,
  },
  {
    type: "incorrect_api_key_error",
    means: "authentication",
    hint: keyHint,
  },
  { type: "permission_denied_error", means: "permission_denied" },
  { type: "resource_not_found_error", words: /\bmodel\b/i, means: "model_not_found" },
  { type: "resource_not_found_error", means: "invalid_request" },
  {
    words: /^url\.not_found$/,
    means: "upstream_error",
    origin: "router",
    hint: "Moonshot does not serve this path; check the base URL.",
  },
  { type: "client_closed_request", means: "upstream_error" },
  { type: "server_error", means: "upstream_error" },
  { type: "unexpected_output", means: "upstream_error" },
  { type: "server_unavailable", means: "overloaded" },
  { type: "invalid_request_error", means: "invalid_request" },
];

/** How Moonshot reports errors. */
export const moonshotErrors: ErrorDialect = { rules, waitMsInWords, explain };

/** Rate limits name their wait in the message only: "please try again after 1 seconds". */
function waitMsInWords(words: string): number | undefined {
  const seconds = /try again after (\d+(?:\.\d+)?) ?s(ec|\b)/i.exec(words)?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

const liveModelIds = models.filter(({ lifecycle }) => lifecycle.state === "live").map(({ id }) => id);
const byId = new Map(models.map((model) => [model.id, model]));
const listedIds = models.filter(({ provenance }) => provenance.evidence !== "inferred").map(({ id }) => id);

function explain(code: ErrorCode, { modelId }: ChatTarget): string | undefined {
  if (code !== "model_not_found") return undefined;
  const model = byId.get(modelId);
  return model === undefined ? suggestion(modelId) : (retirement(model) ?? closure(model));
}

/** A name that only others give a model was never Moonshot's to retire. */
function retirement({ id, lifecycle, provenance }: ModelProfile): string | undefined {
  if (lifecycle.state !== "retired") return undefined;
  return provenance.evidence === "inferred"
    ? `Moonshot never listed ${id}; the models of its family were retired on ${lifecycle.on}; ${lifecycle.replacedBy} replaces them.`
    : `${id} was retired by Moonshot on ${lifecycle.on}; ${lifecycle.replacedBy} replaces it.`;
}

function closure({ id, lifecycle }: ModelProfile): string | undefined {
  if (lifecycle.state !== "live" || lifecycle.retirementPlanned === undefined) return undefined;
  return `Moonshot has closed ${id} to accounts registered since 2026-10-31 and plans to retire it on ${lifecycle.retirementPlanned}.`;
}

/** The nearest name may be that of a retired model, which leads to its replacement. */
function suggestion(modelId: string): string | undefined {
  const nearest = nearestNames(modelId, listedIds, 1).map((id) => byId.get(id))[0];
  if (nearest === undefined) return undefined;
  const { id, lifecycle } = nearest;
  return lifecycle.state === "retired"
    ? `The nearest name is ${id}, which was retired on ${lifecycle.on}; ${lifecycle.replacedBy} replaces it.`
    : `Did you mean ${nearestNames(modelId, liveModelIds).join(" or ")}?`;
}
