import type { Usage } from "../src/provider.ts";

/** What a stream of the OpenAI kind is made of, each piece as the text of one event. */
export const frames = {
  role: delta({ role: "assistant", content: "" }),
  content: (content: string) => delta({ content }),
  finish: delta({}, "stop"),
  finishWithUsage: (usage: Usage) =>
    frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] }),
  usage: (usage: Usage) => frame({ choices: [], usage }),
  error: frame({ error: { message: "the engine is overloaded" } }),
  done: "data: [DONE]\n\n",
};

export const exampleUsage: Usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

export const completeStream =
  frames.role + frames.content("Hello") + frames.content(", moon") + frames.finish + frames.done;

function delta(content: Record<string, unknown>, finishReason: string | null = null): string {
  return frame({ choices: [{ index: 0, delta: content, finish_reason: finishReason }] });
}

function frame(fields: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "acme-1", ...fields })}\n\n`;
}
