import type { FinishReason, Step } from "./answer/answer-plan.ts";
import type { Usage } from "./usage.ts";

/** What every chunk of one stream repeats. */
export interface ChunkIdentity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly fingerprint: string;
}

/** The parts of a delta, as the captures show them. */
export type Delta =
  | { readonly role: "assistant"; readonly content: "" }
  | { readonly reasoning_content: string }
  | { readonly content: string }
  | { readonly tool_calls: readonly [object] }
  | Readonly<Record<string, never>>;

export const doneFrame = "data: [DONE]\n\n";

/** Writes a stream's frames, byte for byte in the key order of the recorded streams. */
export class FrameWriter {
  readonly #head: string;
  readonly #tail: string;
  readonly #identity: ChunkIdentity;

  constructor(identity: ChunkIdentity) {
    this.#identity = identity;
    this.#head = `data: {${this.#shared()},"choices":[{"index":`;
    this.#tail = `}],"system_fingerprint":${JSON.stringify(identity.fingerprint)}}\n\n`;
  }

  delta(index: number, delta: Delta): string {
    return `${this.#head}${index},"delta":${JSON.stringify(delta)},"finish_reason":null${this.#tail}`;
  }

  /** The last chunk of a choice; its usage sits inside the choice, asked for or not. */
  final(index: number, finishReason: FinishReason, usage: Usage): string {
    return `${this.#head}${index},"delta":{},"finish_reason":"${finishReason}","usage":${JSON.stringify(usage)}${this.#tail}`;
  }

  /** The chunk `stream_options.include_usage` adds: no choices, and no fingerprint either. */
  usage(usage: Usage): string {
    return `data: {${this.#shared()},"choices":[],"usage":${JSON.stringify(usage)}}\n\n`;
  }

  #shared(): string {
    const { id, created, model } = this.#identity;
    return `"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)}`;
  }
}

export const firstDelta: Delta = { role: "assistant", content: "" };

export function deltaOf(step: Step): Delta {
  if (step.kind === "reasoning") return { reasoning_content: step.text };
  if (step.kind === "content") return { content: step.text };
  if (step.kind === "arguments")
    return { tool_calls: [{ index: step.index, function: { arguments: step.text } }] };
  const { id, type, name } = step.call;
  return { tool_calls: [{ index: step.index, id, type, function: { name, arguments: "" } }] };
}
