import { z } from "zod";

/**
 * Tokens of one answer, in OpenAI's places: cached, cache-write and reasoning tokens are parts of the sums
 * above them, never added on top. A count the provider did not report is absent, never 0.
 */
export const usageSchema = z.looseObject({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  prompt_tokens_details: z
    .looseObject({ cached_tokens: z.number().optional(), cache_write_tokens: z.number().optional() })
    .nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: z.number().optional() }).nullish(),
});

export type Usage = z.infer<typeof usageSchema>;
