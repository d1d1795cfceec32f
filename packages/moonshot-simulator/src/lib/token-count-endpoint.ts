import { checkContentParts } from "./check-request/content-parts.ts";
import { checkMessages } from "./check-request/messages.ts";
import type { Exchange } from "./exchange.ts";
import { readChatRequest } from "./read-chat-request.ts";
import { jsonReply, problemReply, type Reply } from "./reply.ts";
import type { Simulation } from "./simulation.ts";
import { countPromptTokens } from "./token-count.ts";

/** POST /v1/tokenizers/estimate-token-count: what the prompt of a chat request would be billed as. */
export function estimateTokenCount(simulation: Simulation, { json }: Exchange): Reply {
  const reading = readChatRequest(json, simulation.models);
  if ("problem" in reading) return problemReply(reading.problem);
  const request = reading.value;
  const problem =
    checkMessages(request) ?? checkContentParts(request, (fileId) => simulation.files.get(fileId)?.purpose);
  if (problem !== undefined) return problemReply(problem);
  return jsonReply(JSON.stringify({ data: { total_tokens: countPromptTokens(request) } }));
}
