import type { Usage } from "@perilune/core/provider";

/**
 * One usage for an answer whose choices each report their own: the prompt was read once, the completions add up.
 */
export function mergeChoiceUsage(usages: readonly Usage[]): Usage | undefined {
  const [first, ...others] = usages;
  if (first === undefined || others.length === 0) return first;
  const completionTokens = sum(usages.map((usage) => usage.completion_tokens));
  const reasoning = usages.flatMap((usage) => usage.completion_tokens_details?.reasoning_tokens ?? []);
  return {
    ...first,
    completion_tokens: completionTokens,
    total_tokens: first.prompt_tokens + completionTokens,
    ...(reasoning.length > 0 && {
      completion_tokens_details: { ...first.completion_tokens_details, reasoning_tokens: sum(reasoning) },
    }),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
