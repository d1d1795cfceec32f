import type { Fault, StreamFault } from "@perilune/moonshot-simulator";

/** Ways in which a provider's stream stops before its end. */
export const brokenEndings: readonly (readonly [how: string, ending: StreamFault["ending"]])[] = [
  ["a closed connection", "fin"],
  ["a reset connection", "reset"],
  ["an end without [DONE]", "end"],
  ["an error in the stream", { status: 500, type: "server_error", message: "the engine broke" }],
];

/** Every stream breaks after a few frames of text. */
export function breakStreams(ending: StreamFault["ending"]): Fault {
  return { stream: { afterFrames: 6, ending } };
}
