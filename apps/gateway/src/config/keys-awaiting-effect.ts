import type { Section } from "./litellm-keys.ts";

/**
 * Keys that are read, checked and kept in `GatewayConfig`, but that nothing acts on so far. Whoever puts one into effect
 * takes it off this list; the warning and the note in the JSON Schema go with it.
 */
export const keysAwaitingEffect: Readonly<Record<Section, readonly string[]>> = {
  root: [],
  modelEntry: ["rpm", "tpm"],
  litellmParams: [
    "rpm",
    "tpm",
    "order",
    "max_parallel_requests",
    "max_retries",
    "num_retries",
    "cooldown_time",
    "allowed_fails_policy",
    "tags",
    "drop_params",
  ],
  modelInfo: ["mode"],
  litellmSettings: [
    "num_retries",
    "fallbacks",
    "default_fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "allowed_fails",
    "cooldown_time",
    "drop_params",
  ],
  routerSettings: [
    "routing_strategy",
    "model_group_alias",
    "num_retries",
    "retry_after",
    "retry_policy",
    "model_group_retry_policy",
    "allowed_fails",
    "allowed_fails_policy",
    "cooldown_time",
    "disable_cooldowns",
    "enable_pre_call_checks",
    "max_fallbacks",
    "fallbacks",
    "default_fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "enable_tag_filtering",
    "tag_filtering_match_any",
    "default_max_parallel_requests",
  ],
  generalSettings: [],
};

/**
 * Values that describe what happens anyway: a weighted random pick among the chat deployments of a name; what a
 * model does not support is left out, on record.
 */
export const valuesAlreadyTrue: Readonly<Record<string, unknown>> = {
  routing_strategy: "simple-shuffle",
  mode: "chat",
  drop_params: true,
};
