import type { Section } from "./litellm-keys.ts";

/**
 * Keys that are read, checked and kept in `GatewayConfig`, but that nothing acts on so far. Whoever puts one into effect
 * takes it off this list; the warning and the note in the JSON Schema go with it.
 */
export const keysAwaitingEffect: Readonly<Record<Section, readonly string[]>> = {
  root: [],
  modelEntry: [],
  litellmParams: ["max_parallel_requests", "tags", "drop_params"],
  modelInfo: ["mode"],
  litellmSettings: ["drop_params"],
  routerSettings: [
    "enable_pre_call_checks",
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
