import type { ToolCall } from "../chat-request.ts";

/** What the model would say if nothing cut it short. */
export interface AnswerPlan {
  /** Undefined when the model does not think before this answer. */
  readonly reasoning: string | undefined;
  readonly content: string;
  readonly toolCalls: readonly PlannedToolCall[];
}

export interface PlannedToolCall extends ToolCall {
  readonly type: "function" | "builtin_function";
}

export type FinishReason = "stop" | "length" | "tool_calls";

/** One token of an answer. A stream sends one delta per step, a whole answer is the steps joined. */
export type Step =
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "content"; readonly text: string }
  | { readonly kind: "call"; readonly index: number; readonly call: PlannedToolCall }
  | { readonly kind: "arguments"; readonly index: number; readonly text: string };

/** An answer as it will be delivered: cut to its limit, with its tokens counted. */
export interface Answer {
  readonly steps: readonly Step[];
  readonly thinks: boolean;
  readonly finishReason: FinishReason;
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}
