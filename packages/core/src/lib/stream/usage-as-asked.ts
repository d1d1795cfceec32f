import type { ChatChunk } from "../contract/chat-response.ts";
import type { DecodedChunk } from "../contract/provider-adapter.ts";
import type { Usage } from "../contract/usage.ts";

/**
 * The usage chunk goes to the caller exactly when the caller asked for it. The engine always asks the
 * provider, so one nobody wanted is withheld; one that was wanted and did not come is built from the usage
 * reported elsewhere in the stream.
 */
export async function* usageAsAsked(
  chunks: AsyncIterable<DecodedChunk>,
  isWanted: boolean,
  usage: () => Usage | undefined,
): AsyncGenerator<DecodedChunk, void, void> {
  let last: ChatChunk | undefined;
  let isReported = false;
  for await (const item of chunks) {
    const isUsageChunk = item.chunk.choices.length === 0 && Boolean(item.chunk.usage);
    if (isUsageChunk && !isWanted) continue;
    isReported ||= isUsageChunk;
    last = item.chunk;
    yield item;
  }
  const known = usage();
  if (isWanted && !isReported && known !== undefined && last !== undefined) {
    yield { chunk: usageChunk(last, known) };
  }
}

function usageChunk({ id, created, model }: ChatChunk, usage: Usage): ChatChunk {
  return { id, object: "chat.completion.chunk", created, model, choices: [], usage };
}
