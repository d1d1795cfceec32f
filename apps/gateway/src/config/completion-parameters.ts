import { z } from "zod";
import { amount, anyMap, choice, flag, listOf, mapOf, text, wholeNumber } from "./field-schemas.ts";

const penalty = (name: string) => amount(-2, `Default for ${name}.`, 2).optional();
const tokens = (name: string) => wholeNumber(1, `Default for ${name}.`).optional();

/**
 * Parameters of a chat completion that a deployment may set as a default for requests that leave them out: the names
 * of OpenAI's reference and of the Kimi platform's. `model`, `messages` and the shape of the answer (`stream`) belong to
 * the client; what a provider knows beyond these names goes under `extra_body`.
 */
export const completionParameters = {
  temperature: amount(0, "Default sampling temperature.", 2).optional(),
  top_p: amount(0, "Default nucleus sampling mass.", 1).optional(),
  n: wholeNumber(1, "Default number of answers.").optional(),
  max_tokens: tokens("max_tokens"),
  max_completion_tokens: tokens("max_completion_tokens"),
  presence_penalty: penalty("presence_penalty"),
  frequency_penalty: penalty("frequency_penalty"),
  seed: wholeNumber(Number.MIN_SAFE_INTEGER, "Default seed.").optional(),
  stop: z
    .union([z.string(), z.array(z.string())], { error: "text or a list of texts" })
    .describe("Default stop sequences.")
    .optional(),
  logprobs: flag("Whether to return log probabilities.").optional(),
  top_logprobs: wholeNumber(0, "How many alternatives to return per token.", 20).optional(),
  logit_bias: mapOf(
    z.number({ error: "a number" }),
    "a map of token id to bias",
    "Default biases.",
  ).optional(),
  user: text("text that names a user", "Default end-user id.").optional(),
  safety_identifier: text("text that names a user", "Default end-user id for abuse detection.").optional(),
  prompt_cache_key: text("text that names a session", "Default routing key of the prompt cache.").optional(),
  prompt_cache_retention: text('text such as "24h"', "Default retention of the prompt cache.").optional(),
  prompt_cache_options: anyMap("a map such as {ttl: 1h}", "Default options of the prompt cache.").optional(),
  reasoning_effort: text("text such as low, high or max", "Default reasoning effort.").optional(),
  thinking: anyMap("a map such as {type: disabled}", "Default thinking switch of Kimi K2 models.").optional(),
  verbosity: choice(["low", "medium", "high"], "Default length of answers.").optional(),
  response_format: anyMap("a map such as {type: json_object}", "Default answer format.").optional(),
  tools: listOf(anyMap("a map", "A tool."), "a list of tools", "Tools offered by default.").optional(),
  tool_choice: z
    .union([z.string(), z.record(z.string(), z.unknown())], {
      error: "auto, none, required or a map naming a tool",
    })
    .describe("Default tool choice.")
    .optional(),
  parallel_tool_calls: flag("Whether several tools may be called at once.").optional(),
  metadata: mapOf(z.string({ error: "text" }), "a map of texts", "Default metadata.").optional(),
  store: flag("Whether the provider may store the answer.").optional(),
  service_tier: text("text such as auto or default", "Default service tier.").optional(),
  modalities: listOf(z.string({ error: "text" }), "a list of modalities", "Default modalities.").optional(),
  audio: anyMap("a map such as {voice: alloy, format: mp3}", "Default audio output.").optional(),
  prediction: anyMap("a map such as {type: content, content: ...}", "Default predicted output.").optional(),
  web_search_options: anyMap("a map", "Default web search options.").optional(),
  functions: listOf(anyMap("a map", "A function."), "a list of functions", "Older form of tools.").optional(),
  function_call: z
    .union([z.string(), z.record(z.string(), z.unknown())], {
      error: "auto, none or a map naming a function",
    })
    .describe("Older form of tool_choice.")
    .optional(),
};

/** What no default can set: the client decides it with every request. */
export const clientOnlyParameters: readonly string[] = ["model", "messages", "stream", "stream_options"];
