import {
  chatChunkSchema,
  type ChatChunk,
  type ChatTarget,
  type ChunkDecoder,
  type DecodedEvent,
  type ServerSentEvent,
} from "@perilune/core/provider";
import type { ErrorMapper } from "../error/map-error.ts";
import { parseJsonObject, type JsonObject } from "../json-object.ts";
import { findFault } from "./find-fault.ts";
import { repairChunk } from "./repair-chunk.ts";
import { reportsError } from "./reported-error.ts";
import { emptyStreamState, knownUsage, type StreamState } from "./stream-state.ts";
import { withEveryDigit } from "./with-every-digit.ts";

/** The decoder of a stream that has not begun. */
export function startDecoder(target: ChatTarget, errors: ErrorMapper): ChunkDecoder {
  return decoderIn(emptyStreamState, target, errors);
}

function decoderIn(state: StreamState, target: ChatTarget, errors: ErrorMapper): ChunkDecoder {
  const decoder: ChunkDecoder = {
    decode(event) {
      const data = event.data.trim();
      if (data === "[DONE]") return { next: decoder, chunks: [], isEnd: true };
      if (data === "") return { next: decoder, chunks: [] };
      return decodeData(event);
    },
  };

  function decodeData(event: ServerSentEvent): DecodedEvent {
    const reported = readEvent(event, target, errors);
    const { chunk, state: after } = repairChunk(reported, state);
    const fault = findFault(chatChunkSchema, chunk);
    if (fault !== undefined) throw errors.invalidResponse(`a stream event is no chunk, ${fault}`, target);
    const usage = bringsUsage(state, after) ? knownUsage(after) : undefined;
    return {
      next: after === state ? decoder : decoderIn(after, target, errors),
      chunks: [
        isAsItCame(chunk, reported, event)
          ? { chunk: accepted(chunk), text: event.data }
          : { chunk: accepted(rebuild(reported, chunk, event)) },
      ],
      ...(usage && { usage }),
    };
  }

  function rebuild(reported: JsonObject, chunk: JsonObject, event: ServerSentEvent): JsonObject {
    const exact = withEveryDigit(reported, event.data);
    return exact === reported ? chunk : repairChunk(exact, state).chunk;
  }

  return decoder;
}

/** Only what the schema has just accepted; the original is kept because parsing would reorder its fields. */
function accepted(chunk: JsonObject): ChatChunk {
  return chunk as ChatChunk;
}

function readEvent(event: ServerSentEvent, target: ChatTarget, errors: ErrorMapper): JsonObject {
  const reported = parseJsonObject(event.data);
  const isError = event.event === "error";
  if (reported === undefined) {
    throw isError
      ? errors.fromText(event.data, target)
      : errors.invalidResponse("a stream event is not a JSON object", target);
  }
  if (isError || reportsError(reported)) throw errors.fromObject(reported, target);
  return reported;
}

/** Data that came in several `data:` lines would have to be cut into lines again: rebuilding it is simpler. */
function isAsItCame(chunk: JsonObject, reported: JsonObject, event: ServerSentEvent): boolean {
  return chunk === reported && !event.data.includes("\n");
}

function bringsUsage(before: StreamState, after: StreamState): boolean {
  return before.topLevelUsage !== after.topLevelUsage || before.choiceUsages !== after.choiceUsages;
}
