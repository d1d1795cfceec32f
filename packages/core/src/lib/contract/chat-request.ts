import { z } from "zod";

/*
 * The canonical request is OpenAI Chat Completions JSON: typed where the engine acts, loose everywhere
 * else, so that a field we have never heard of reaches the provider unchanged.
 */

const contentPart = z.looseObject({ type: z.string(), text: z.string().optional() });

const messageContent = z.union([z.string(), z.array(contentPart)], {
  error: "expected a string or an array of content parts",
});

const toolCall = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  function: z.looseObject({ name: z.string(), arguments: z.string().optional() }).optional(),
});

const systemMessage = z.looseObject({
  role: z.enum(["system", "developer"]),
  // Absent on Moonshot's dynamic-tools message, which carries `tools` instead.
  content: messageContent.nullish(),
});

const userMessage = z.looseObject({ role: z.literal("user"), content: messageContent });

const assistantMessage = z.looseObject({
  role: z.literal("assistant"),
  content: messageContent.nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  function_call: z.looseObject({ name: z.string(), arguments: z.string().optional() }).nullish(),
  partial: z.boolean().optional(),
});

const toolMessage = z.looseObject({
  role: z.literal("tool"),
  content: messageContent.nullish(),
  tool_call_id: z.string().optional(),
});

const functionMessage = z.looseObject({
  role: z.literal("function"),
  name: z.string(),
  content: z.string().nullish(),
});

/** One message of the conversation, told apart by `role`. */
export const chatMessageSchema = z.discriminatedUnion(
  "role",
  [systemMessage, userMessage, assistantMessage, toolMessage, functionMessage],
  {
    error: ({ code }) =>
      code === "invalid_union"
        ? "expected one of system, developer, user, assistant, tool, function"
        : undefined,
  },
);

const tool = z.looseObject({
  type: z.string(),
  function: z.looseObject({ name: z.string(), parameters: z.unknown().optional() }).optional(),
});

const toolChoice = z.union([z.string(), z.looseObject({ type: z.string() })], {
  error: "expected a string or an object with a type",
});

/** A chat-completions request as clients send it; unknown fields are kept. */
export const chatRequestSchema = z.looseObject({
  model: z.string().min(1, "expected the name of a model"),
  messages: z.array(chatMessageSchema).min(1, "expected at least one message"),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  n: z.int().min(1).nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  max_tokens: z.int().min(0).nullish(),
  max_completion_tokens: z.int().min(0).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  reasoning_effort: z.string().nullish(),
});

export type ChatMessage = z.infer<typeof chatMessageSchema>;
export type AssistantMessage = z.infer<typeof assistantMessage>;
export type ChatRequest = z.infer<typeof chatRequestSchema>;
/** What a caller may write; the same shape, named for readers of signatures. */
export type ChatRequestInput = z.input<typeof chatRequestSchema>;
