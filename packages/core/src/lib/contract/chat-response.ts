import { z } from "zod";
import { usageSchema } from "./usage.ts";

/*
 * Lenient with providers: only what the engine reads is required. Everything else survives as it came.
 */

const toolCall = z.looseObject({
  id: z.string().nullish(),
  type: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
});

const responseMessage = z.looseObject({
  role: z.string().optional(),
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
});

const responseChoice = z.looseObject({
  index: z.number(),
  message: responseMessage,
  finish_reason: z.string().nullish(),
});

/** A whole chat completion; `choices[].finish_reason` is what the provider said, never invented. */
export const chatResponseSchema = z.looseObject({
  id: z.string().optional(),
  object: z.string().optional(),
  created: z.number().optional(),
  model: z.string().optional(),
  choices: z.array(responseChoice),
  usage: usageSchema.nullish(),
});

export type ChatResponse = z.infer<typeof chatResponseSchema>;

const toolCallDelta = z.looseObject({
  index: z.number().optional(),
  id: z.string().nullish(),
  type: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
});

const chunkDelta = z.looseObject({
  role: z.string().nullish(),
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCallDelta).nullish(),
});

const chunkChoice = z.looseObject({
  index: z.number(),
  delta: chunkDelta,
  finish_reason: z.string().nullish(),
});

/** One piece of a streamed chat completion. */
export const chatChunkSchema = z.looseObject({
  id: z.string().optional(),
  object: z.string().optional(),
  created: z.number().optional(),
  model: z.string().optional(),
  choices: z.array(chunkChoice),
  usage: usageSchema.nullish(),
});

export type ChatChunk = z.infer<typeof chatChunkSchema>;
