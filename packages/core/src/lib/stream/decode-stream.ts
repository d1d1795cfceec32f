import type { ChunkDecoder, DecodedChunk } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { Usage } from "../contract/usage.ts";
import { SseParser } from "./sse-parser.ts";
import { StreamProgress } from "./stream-progress.ts";

export interface DecodeStreamOptions {
  readonly decoder: ChunkDecoder;
  readonly onUsage: (usage: Usage) => void;
  readonly maxEventBytes?: number;
}

/**
 * Bytes → events → canonical chunks. Ends normally only when the provider said that the answer is complete;
 * otherwise it throws `stream_interrupted`, however politely the connection was closed.
 */
export async function* decodeStream(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeStreamOptions,
): AsyncGenerator<DecodedChunk, void, void> {
  const parser = new SseParser(
    options.maxEventBytes === undefined ? {} : { maxEventBytes: options.maxEventBytes },
  );
  const progress = new StreamProgress();
  let decoder = options.decoder;
  for await (const piece of bytes) {
    for (const event of parser.push(piece)) {
      const decoded = decoder.decode(event);
      decoder = decoded.next;
      if (decoded.usage !== undefined) options.onUsage(decoded.usage);
      for (const item of decoded.chunks) {
        progress.take(item.chunk);
        yield item;
      }
      if (decoded.isEnd !== true) continue;
      progress.takeEndMarker();
      if (progress.isComplete()) return;
      throw interrupted("said that the answer was over, but not why it stopped");
    }
  }
  throw interrupted("closed the stream before the answer was complete");
}

function interrupted(what: string): ProviderError {
  return new ProviderError({
    code: "stream_interrupted",
    message: `The provider ${what}.`,
    origin: "upstream",
    failure: "sent_unknown",
  });
}
