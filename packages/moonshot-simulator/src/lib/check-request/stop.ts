import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

const mostStops = 5;
const mostBytes = 32;

export function checkStop({ stop }: ChatRequest): ApiProblem | undefined {
  if (stop.length > mostStops)
    return invalidRequest(`Invalid request: stop accepts at most ${mostStops} strings`);
  if (stop.some((word) => Buffer.byteLength(word) > mostBytes))
    return invalidRequest(`Invalid request: a stop string must not exceed ${mostBytes} bytes`);
  return undefined;
}
