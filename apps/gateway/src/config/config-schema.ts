import { z } from "zod";
import { completionParameters } from "./completion-parameters.ts";
import {
  amount,
  anyMap,
  baseUrl,
  choice,
  flag,
  listOf,
  mapOf,
  secondsOrZero,
  seconds,
  secret,
  section,
  text,
  wholeNumber,
} from "./field-schemas.ts";
import { keysWithoutEffect, type Section } from "./litellm-keys.ts";

type InertShape<Keys extends readonly string[]> = { [Key in Keys[number]]: z.ZodOptional<z.ZodUnknown> };

/** Keys that load but do nothing: any value goes, and editors strike them through. */
function inert<Name extends Section>(name: Name): InertShape<(typeof keysWithoutEffect)[Name]> {
  const description = "Known to LiteLLM, has no effect here.";
  const entries = keysWithoutEffect[name].map((key) => [
    key,
    z.unknown().meta({ description, deprecated: true }).optional(),
  ]);
  // fromEntries widens the keys to string; they are exactly the listed ones.
  return Object.fromEntries(entries) as InertShape<(typeof keysWithoutEffect)[Name]>;
}

const retriesByError = section(
  Object.fromEntries(
    ["BadRequest", "Authentication", "Timeout", "RateLimit", "ContentPolicyViolation", "InternalServer"].map(
      (error) => [`${error}ErrorRetries`, wholeNumber(0, `Retries after a ${error} error.`).optional()],
    ),
  ),
  "a map of error kinds to retries",
  "Retries by kind of error.",
);

const allowedFailsByError = section(
  Object.fromEntries(
    ["BadRequest", "Authentication", "Timeout", "RateLimit", "ContentPolicyViolation", "InternalServer"].map(
      (error) => [
        `${error}ErrorAllowedFails`,
        wholeNumber(0, `Tolerated ${error} errors before a cooldown.`).optional(),
      ],
    ),
  ),
  "a map of error kinds to tolerated failures",
  "Tolerated failures by kind of error.",
);

const name = text("the name of a model", "A model name or the id of a deployment.");
const nameList = (description: string) => listOf(name, "a list of model names", description);
const fallbackRules = (description: string) =>
  listOf(
    mapOf(
      nameList("Where to go, in this order."),
      "a map of a model name to a list of model names",
      "A rule.",
    ),
    "a list of maps such as - kimi-k3: [kimi-k2.6]",
    description,
  );

const limits = {
  rpm: wholeNumber(1, "Requests per minute this deployment can take.").optional(),
  tpm: wholeNumber(1, "Tokens per minute this deployment can take.").optional(),
};

const litellmParamsSchema = section(
  {
    ...completionParameters,
    ...limits,
    model: text(
      '"provider/model"',
      'Provider and model, such as "moonshot/kimi-k3"; may hold * for wildcards.',
    ),
    custom_llm_provider: text(
      "the id of a provider",
      "The provider, when `model` does not begin with it.",
    ).optional(),
    api_key: secret("an API key", "Provider key; os.environ/NAME reads it from the environment.").optional(),
    api_base: baseUrl("Address of the provider's API, instead of its usual one.").optional(),
    base_url: baseUrl("Another spelling of api_base.").optional(),
    weight: amount(
      0,
      "Share of the requests among deployments with the same model_name (default 1).",
    ).optional(),
    order: wholeNumber(0, "Deployments with a lower order are tried first.").optional(),
    max_parallel_requests: wholeNumber(1, "Requests this deployment may have open at once.").optional(),
    timeout: seconds("Time for a whole answer.").optional(),
    stream_timeout: seconds("Time until the first piece of a streamed answer.").optional(),
    ttft_timeout: seconds("As stream_timeout, and stronger when both are set.").optional(),
    stream_idle_timeout: seconds("Longest silence inside a streamed answer.").optional(),
    max_retries: wholeNumber(0, "As num_retries, which is stronger when both are set.").optional(),
    num_retries: wholeNumber(0, "Further attempts after a failed one.").optional(),
    cooldown_time: secondsOrZero("How long this deployment rests after failures.").optional(),
    allowed_fails_policy: allowedFailsByError.optional(),
    extra_headers: mapOf(
      z
        .string({ error: "text in quotes" })
        .regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/u, { error: "text on one line" }),
      "a map of header names to texts",
      "Headers added to every request to the provider.",
    ).optional(),
    extra_body: anyMap(
      "a map of request fields",
      "Further defaults that only this provider knows.",
    ).optional(),
    drop_params: flag(
      "Leave out parameters that the model does not support, instead of refusing them.",
    ).optional(),
    additional_drop_params: listOf(
      text("the name of a parameter", "A parameter."),
      "a list of parameter names",
      "Parameters never sent to the provider.",
    ).optional(),
    tags: listOf(text("a tag", "A tag."), "a list of tags", "Tags that requests can ask for.").optional(),
    provider_settings: anyMap("a map of settings", "Settings that the provider itself defines.").optional(),
    ...inert("litellmParams"),
  },
  "a map with at least model: provider/model",
  "Where requests go and with which defaults.",
);

const modes = [
  "chat",
  "embedding",
  "completion",
  "image_generation",
  "audio_transcription",
  "audio_speech",
  "rerank",
  "batch",
  "realtime",
  "ocr",
  "responses",
] as const;

export const modelEntrySchema = section(
  {
    model_name: text(
      "the name that clients ask for",
      "The name that clients ask for; may hold *. Entries with the same name share the load.",
    ),
    litellm_params: litellmParamsSchema,
    model_info: section(
      {
        id: text(
          "text that names this deployment",
          "Id of this deployment (default: derived from it).",
        ).optional(),
        mode: choice(modes, "What the model is for (default chat).").optional(),
        ...inert("modelInfo"),
      },
      "a map",
      "What is known about the model.",
    ).optional(),
    ...limits,
    ...inert("modelEntry"),
  },
  "a map with model_name and litellm_params",
  "A deployment.",
);

export const litellmSettingsSchema = section(
  {
    num_retries: wholeNumber(0, "Further attempts after a failed one.").optional(),
    request_timeout: seconds("Time for a whole answer, where nothing nearer sets it.").optional(),
    fallbacks: fallbackRules("Other models to try when a model fails.").optional(),
    default_fallbacks: nameList("Models to try when any model fails.").optional(),
    context_window_fallbacks: fallbackRules("Models to try when a request is too long.").optional(),
    content_policy_fallbacks: fallbackRules("Models to try when a request is refused.").optional(),
    allowed_fails: wholeNumber(0, "Tolerated failures before a cooldown.").optional(),
    cooldown_time: secondsOrZero("How long a deployment rests after failures.").optional(),
    drop_params: flag("Default of drop_params for every deployment.").optional(),
    ...inert("litellmSettings"),
  },
  "a map of settings",
  "Settings for all models, in LiteLLM's older place.",
);

const strategies = [
  "simple-shuffle",
  "least-busy",
  "usage-based-routing",
  "usage-based-routing-v2",
  "latency-based-routing",
  "cost-based-routing",
] as const;

export const routerSettingsSchema = section(
  {
    routing_strategy: choice(strategies, "How to pick among deployments with the same name.").optional(),
    model_group_alias: mapOf(
      z.union(
        [
          name,
          z.strictObject({
            model: name,
            hidden: flag("Leave the alias out of the list of models.").optional(),
          }),
        ],
        { error: "a model name or {model: name, hidden: true}" },
      ),
      "a map of aliases to model names",
      "Other names for models.",
    ).optional(),
    num_retries: wholeNumber(0, "Further attempts after a failed one.").optional(),
    retry_after: secondsOrZero("Shortest wait before another attempt.").optional(),
    timeout: seconds("Time for a whole answer, where the deployment sets none.").optional(),
    stream_timeout: seconds("Time until the first piece of a streamed answer.").optional(),
    retry_policy: retriesByError.optional(),
    model_group_retry_policy: mapOf(
      retriesByError,
      "a map of model names to policies",
      "By model.",
    ).optional(),
    allowed_fails: wholeNumber(0, "Tolerated failures before a cooldown.").optional(),
    allowed_fails_policy: allowedFailsByError.optional(),
    cooldown_time: secondsOrZero("How long a deployment rests after failures.").optional(),
    disable_cooldowns: flag("Never let a deployment rest.").optional(),
    enable_pre_call_checks: flag("Leave out deployments whose context window is too small.").optional(),
    max_fallbacks: wholeNumber(0, "Most fallbacks for one request.").optional(),
    fallbacks: fallbackRules("Other models to try when a model fails.").optional(),
    default_fallbacks: nameList("Models to try when any model fails.").optional(),
    context_window_fallbacks: fallbackRules("Models to try when a request is too long.").optional(),
    content_policy_fallbacks: fallbackRules("Models to try when a request is refused.").optional(),
    enable_tag_filtering: flag("Send tagged requests only to deployments with that tag.").optional(),
    tag_filtering_match_any: flag("Whether one shared tag is enough (default true).").optional(),
    default_max_parallel_requests: wholeNumber(
      1,
      "Open requests per deployment, where it sets none.",
    ).optional(),
    ...inert("routerSettings"),
  },
  "a map of settings",
  "How to pick deployments and what to do when one fails.",
);

const maxRequestSizeMb = amount(0.001, "Largest request body, in megabytes of 1,048,576 bytes.").optional();

export const generalSettingsSchema = section(
  {
    master_key: secret("a key of your choice", "The key that opens everything.").optional(),
    dangerously_permit_weak_or_unset_master_key: flag(
      "Start with a weak master key, or with none.",
    ).optional(),
    max_request_size_mb: maxRequestSizeMb,
    ...inert("generalSettings"),
  },
  "a map of settings",
  "Settings of the gateway, in LiteLLM's place.",
);

export const serverSchema = section(
  {
    host: text("a host name or IP address", "Address to listen on.").optional(),
    port: wholeNumber(0, "Port to listen on; 0 takes any free one.", 65_535).optional(),
    max_request_size_mb: maxRequestSizeMb,
    shutdown_grace_seconds: secondsOrZero("How long running requests may finish at shutdown.").optional(),
  },
  "a map of settings",
  "The HTTP server.",
);

export const virtualKeySchema = section(
  {
    provider: text("the id of a provider", "The provider that the key belongs to."),
    api_key: secret("an API key", "Provider key; os.environ/NAME reads it from the environment."),
    api_base: baseUrl("Address of the provider's API, instead of its usual one.").optional(),
    provider_settings: anyMap("a map of settings", "Settings that the provider itself defines.").optional(),
  },
  "a map with provider and api_key",
  "A provider key under a name that clients may use.",
);

/** The whole file. Sections are optional; a section that is there but empty counts as left out. */
export const configSchema = section(
  {
    model_list: listOf(
      modelEntrySchema,
      "a list of models",
      "The models that clients can ask for.",
    ).optional(),
    virtual_keys: mapOf(
      virtualKeySchema,
      "a map of names to provider keys",
      "Provider keys by the name that clients send in x-portkey-virtual-key.",
    ).optional(),
    litellm_settings: litellmSettingsSchema.optional(),
    router_settings: routerSettingsSchema.optional(),
    general_settings: generalSettingsSchema.optional(),
    server: serverSchema.optional(),
    environment_variables: mapOf(
      z.union([z.string(), z.number(), z.boolean()], { error: "text" }),
      "a map of variable names to values",
      "Variables for os.environ/NAME, on top of the environment the gateway was started with.",
    ).optional(),
    include: listOf(
      text("a file name", "A path relative to this file."),
      "a list of file names",
      "Files whose lists are appended and whose other keys overwrite this file.",
    ).optional(),
    ...inert("root"),
  },
  "a map of settings such as model_list: [...]",
  "Configuration of the Perilune gateway.",
);

export type ModelEntryInput = z.infer<typeof modelEntrySchema>;
export type VirtualKeyInput = z.infer<typeof virtualKeySchema>;

/** The schema behind each section that has keys without effect. */
export const sectionSchemas = {
  root: configSchema,
  modelEntry: modelEntrySchema,
  litellmParams: litellmParamsSchema,
  modelInfo: modelEntrySchema.shape.model_info.unwrap(),
  litellmSettings: litellmSettingsSchema,
  routerSettings: routerSettingsSchema,
  generalSettings: generalSettingsSchema,
} satisfies Record<Section, z.ZodObject>;

/** The sections as they are spelled in a file. */
export const sectionNames: Readonly<Record<Section, string>> = {
  root: "the top of the file",
  modelEntry: "model_list[]",
  litellmParams: "litellm_params",
  modelInfo: "model_info",
  litellmSettings: "litellm_settings",
  routerSettings: "router_settings",
  generalSettings: "general_settings",
};
