import type { JsonObject } from "./json-value.ts";
import type { FamilyRules } from "./model-rules.ts";
import type { Model } from "./models.ts";

/** A chat request whose JSON types are right. Whether the model's rules allow it is for `check-request/`. */
export interface ChatRequest {
  readonly model: Model;
  readonly rules: FamilyRules;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly responseFormat: ResponseFormat;
  readonly thinking: Thinking;
  /** `low`, `high` or `max` on models that are steered by effort, `max` for anything unknown. */
  readonly effort: Effort;
  readonly sampling: Readonly<Record<SamplingParameter, number | undefined>>;
  readonly maxCompletionTokens: number | undefined;
  readonly stop: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly cacheTtlMs: number;
}

export type SamplingParameter = "temperature" | "top_p" | "n" | "presence_penalty" | "frequency_penalty";

export type Effort = "low" | "high" | "max";

export interface Thinking {
  /** The `thinking` object as sent. */
  readonly field: JsonObject | undefined;
  readonly effortField: string | undefined;
  /** Whether the model thinks before this answer. */
  readonly active: boolean;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string | readonly JsonObject[] | undefined;
  readonly reasoningContent: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly toolCallId: string | undefined;
  readonly partial: boolean;
  /** Tools a system message declares for the turns after it (K3 family). */
  readonly tools: readonly Tool[] | undefined;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface Tool {
  readonly type: "function" | "builtin_function";
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject | undefined;
  readonly strict: boolean;
}

export type ToolChoice =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | { readonly kind: "required" }
  | { readonly kind: "named"; readonly name: string };

export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | { readonly type: "json_schema"; readonly schema: JsonObject; readonly strict: boolean };

/** The text of a message, its parts joined; media count for nothing here. */
export function textOf(message: ChatMessage): string {
  if (message.content === undefined) return "";
  if (typeof message.content === "string") return message.content;
  return message.content.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join("\n");
}

/** The request's tools and those its system messages loaded. */
export function toolsInForce(request: ChatRequest): readonly Tool[] {
  return [...request.tools, ...request.messages.flatMap((message) => message.tools ?? [])];
}

/** The assistant message that the answer has to continue, if the request ends with one. */
export function partialMessage(request: ChatRequest): ChatMessage | undefined {
  const last = request.messages.at(-1);
  return last?.partial === true ? last : undefined;
}

/** The conversation without the message to be continued. */
export function conversationOf(request: ChatRequest): readonly ChatMessage[] {
  return partialMessage(request) === undefined ? request.messages : request.messages.slice(0, -1);
}
