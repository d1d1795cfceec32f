import type { Answer } from "./answer/answer-plan.ts";
import type { FamilyRules } from "./model-rules.ts";
import type { CachedPrompt } from "./prefix-cache.ts";

/** The provider's `usage` object, its keys in the order of the captures. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly cached_tokens?: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number;
    readonly cache_write_tokens?: number;
  };
}

/** The usage of one choice, or of all the choices of an answer together. */
export function usageOf(
  promptTokens: number,
  cache: CachedPrompt,
  answers: readonly Answer[],
  rules: FamilyRules,
): Usage {
  const completionTokens = answers.reduce((sum, answer) => sum + answer.completionTokens, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    // Captures carry the count only where something came out of the cache.
    ...(cache.readTokens > 0 ? { cached_tokens: cache.readTokens } : {}),
    ...(rules.usageDetails ? detailsOf(cache, answers) : {}),
  };
}

function detailsOf(cache: CachedPrompt, answers: readonly Answer[]): Partial<Usage> {
  const reasoningTokens = answers.reduce((sum, answer) => sum + answer.reasoningTokens, 0);
  const prompt = {
    ...(cache.readTokens > 0 ? { cached_tokens: cache.readTokens } : {}),
    ...(cache.writtenTokens > 0 ? { cache_write_tokens: cache.writtenTokens } : {}),
  };
  return {
    ...(answers.some((answer) => answer.thinks)
      ? { completion_tokens_details: { reasoning_tokens: reasoningTokens } }
      : {}),
    ...(Object.keys(prompt).length > 0 ? { prompt_tokens_details: prompt } : {}),
  };
}
