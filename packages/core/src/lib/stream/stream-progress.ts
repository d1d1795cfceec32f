import type { ChatChunk } from "../contract/chat-response.ts";

/** How a stream ended. Nothing ends well by default: only the provider's own words make it `complete`. */
export type StreamOutcome = "complete" | "truncated" | "errored" | "cancelled";

/** What has been seen of a stream: which choices began, which of them the provider finished. */
export class StreamProgress {
  readonly #open = new Set<number>();
  readonly #finished = new Set<number>();
  #endMarkerSeen = false;

  take(chunk: ChatChunk): void {
    for (const choice of chunk.choices) {
      if (typeof choice.finish_reason === "string") {
        this.#finished.add(choice.index);
        this.#open.delete(choice.index);
      } else if (!this.#finished.has(choice.index)) {
        this.#open.add(choice.index);
      }
    }
  }

  takeEndMarker(): void {
    this.#endMarkerSeen = true;
  }

  /** The provider's end marker came, at least one choice was finished, and none was left open. */
  isComplete(): boolean {
    return this.#endMarkerSeen && this.#finished.size > 0 && this.#open.size === 0;
  }
}
