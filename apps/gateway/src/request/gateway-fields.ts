import { toPlainNumber } from "@perilune/core";
import type { Adjustment, ProviderError } from "@perilune/core";
import { invalidRequest } from "../errors/invalid-request.ts";

type Effect = { readonly effect: Adjustment["effect"]; readonly reason: string };

const ours: Effect = { effect: "spelling", reason: "Addressed to the gateway, not to the model." };
/** Labels of the caller's own, often of persons: a provider has no use for them. */
const kept: Effect = { effect: "spelling", reason: "Kept from the provider; nothing here uses it yet." };
const notYet: Effect = { effect: "meaning", reason: "Addressed to the gateway, which does not act on it." };

/** Body fields of LiteLLM's clients that steer the proxy. They end here, never at a provider. */
const gatewayFields: Readonly<Record<string, Effect>> = {
  timeout: ours,
  metadata: kept,
  tags: kept,
  litellm_metadata: kept,
  litellm_call_id: kept,
  litellm_trace_id: kept,
  litellm_session_id: kept,
  stream_timeout: notYet,
  num_retries: notYet,
  max_retries: notYet,
  fallbacks: notYet,
  default_fallbacks: notYet,
  context_window_fallbacks: notYet,
  content_policy_fallbacks: notYet,
  disable_fallbacks: notYet,
  router_settings_override: notYet,
  cache: notYet,
  guardrails: notYet,
  drop_params: notYet,
  additional_drop_params: notYet,
  allowed_openai_params: notYet,
  mock_response: notYet,
  mock_timeout: notYet,
  mock_testing_fallbacks: notYet,
  mock_testing_context_window_fallbacks: notYet,
  mock_testing_content_policy_fallbacks: notYet,
  mock_testing_rate_limit_error: notYet,
};

/** A client-chosen upstream would be an open relay; LiteLLM's bypasses of this check are CVEs. */
const refusedFields = ["api_base", "base_url", "api_key", "custom_llm_provider", "extra_headers"];

export interface SeparatedFields {
  /** The same object when there was nothing to take. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly adjustments: readonly Adjustment[];
  readonly timeoutSeconds: number | undefined;
}

/** Separates what is meant for the gateway from what is meant for the model. */
export function takeGatewayFields(body: Readonly<Record<string, unknown>>): SeparatedFields {
  for (const field of refusedFields) if (Object.hasOwn(body, field)) throw refused(field);
  const taken = Object.keys(body).filter((field) => Object.hasOwn(gatewayFields, field));
  if (taken.length === 0) return { fields: body, adjustments: [], timeoutSeconds: undefined };
  const entries = Object.entries(body).filter(([field]) => !Object.hasOwn(gatewayFields, field));
  return {
    fields: Object.fromEntries(entries),
    adjustments: taken.map((field) => ({
      parameter: field,
      action: "removed",
      ...(gatewayFields[field] ?? ours),
    })),
    timeoutSeconds: timeoutSeconds(body["timeout"]),
  };
}

function timeoutSeconds(written: unknown): number | undefined {
  const value = toPlainNumber(written);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw invalidRequest("timeout", "timeout: expected a positive number of seconds.");
}

function refused(field: string): ProviderError {
  return invalidRequest(
    field,
    `${field}: where a request is sent and with which key is set in the gateway's configuration.`,
  );
}
