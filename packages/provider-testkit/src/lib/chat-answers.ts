import type { Answer } from "./answer.ts";
import { event, json, status, stream } from "./answers.ts";

export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface ChatOptions {
  readonly id?: string;
  readonly model?: string;
  /** Unix seconds. */
  readonly created?: number;
  readonly finishReason?: string;
  /** Counted as one token per word unless given; `null` leaves it away. */
  readonly usage?: ChatUsage | null;
}

export interface ChatChunksOptions extends ChatOptions {
  /** `false` leaves the final `[DONE]` away. */
  readonly done?: boolean;
}

const doneEvent = "data: [DONE]\n\n";

/** A chat completion in OpenAI's dialect. */
export function chatCompletion(text: string, options: ChatOptions = {}): Answer {
  const message = { role: "assistant", content: text };
  const usage = options.usage === undefined ? usageOf(text) : options.usage;
  return json({
    ...envelope("chat.completion", options),
    choices: [{ index: 0, message, finish_reason: options.finishReason ?? "stop" }],
    ...(usage && { usage }),
  });
}

/**
 * The same as a stream: a role event, one event per word with the white space before it, the finish reason, usage in
 * an event of its own without choices, `[DONE]`.
 */
export function chatChunks(text: string, options: ChatChunksOptions = {}): Answer {
  const head = envelope("chat.completion.chunk", options);
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const usage = options.usage === undefined ? usageOf(text) : options.usage;
  return stream([
    chunk({ role: "assistant", content: "" }),
    ...words(text).map((content) => chunk({ content })),
    chunk({}, options.finishReason ?? "stop"),
    ...(usage ? [{ ...head, choices: [], usage }] : []),
    ...(options.done === false ? [] : [doneEvent]),
  ]);
}

export interface ErrorFields {
  readonly message: string;
  readonly type: string;
  readonly code?: string | number;
  readonly param?: string;
}

/** Any status with an error body in OpenAI's dialect. */
export function chatError(code: number, error: ErrorFields): Answer {
  return status(code, { error });
}

/** The text of an error event in a stream that began with 200; see `insertEvent`. */
export function errorEvent(error: ErrorFields): string {
  return Buffer.from(event({ error })).toString();
}

/** 429; the wait is told in seconds, in `retry-after-ms`, as an HTTP date, as the text given, or not at all. */
export function rateLimited(
  wait: {
    readonly seconds?: number;
    readonly milliseconds?: number;
    readonly until?: Date;
    readonly text?: string;
  } = {},
): Answer {
  const headers: [string, string][] = [];
  if (wait.seconds !== undefined) headers.push(["retry-after", String(wait.seconds)]);
  if (wait.milliseconds !== undefined) headers.push(["retry-after-ms", String(wait.milliseconds)]);
  if (wait.until !== undefined) headers.push(["retry-after", wait.until.toUTCString()]);
  if (wait.text !== undefined) headers.push(["retry-after", wait.text]);
  const error = { message: "Rate limit reached, please try again later", type: "rate_limit_reached_error" };
  return status(429, { error }, headers);
}

/** 400: prompt and answer do not fit. The text is the one Moonshot sent on 2026-04-23. */
export function contextOverflow(limitTokens = 262_144, requestedTokens = 269_030): Answer {
  const limit = `${limitTokens} (requested: ${requestedTokens})`;
  const message = `Invalid request: Your request exceeded model token limit: ${limit}`;
  return chatError(400, { message, type: "invalid_request_error" });
}

/** 400: the provider's content filter refused the prompt, in Moonshot's words. */
export function contentFiltered(): Answer {
  const message = "The request was rejected because it was considered high risk";
  return chatError(400, { message, type: "content_filter", param: "prompt" });
}

function envelope(object: string, options: ChatOptions): object {
  return {
    id: options.id ?? "chatcmpl-faulty",
    object,
    created: options.created ?? 1_767_225_600,
    model: options.model ?? "faulty-model",
  };
}

const words = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

function usageOf(text: string): ChatUsage {
  const completion_tokens = words(text).length;
  return { prompt_tokens: 8, completion_tokens, total_tokens: 8 + completion_tokens };
}
