import type { Clock } from "@perilune/core";
import type { EndpointTable } from "../endpoints/endpoint-table.ts";
import { toOpenAiError } from "../errors/to-openai-error.ts";
import type { Logger } from "../logger.ts";
import type { RequestHandler } from "../server/create-http-server.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import type { RefusedRequest } from "../server/refusal-answer.ts";
import type { Responder } from "../server/responder.ts";
import { accept, startedNow, traceIdOf } from "./accept.ts";
import { authenticate } from "./authenticate.ts";
import type { Access, Caller } from "./authenticate.ts";
import { encodeError } from "./encode.ts";
import { finish, RequestLog } from "./finish.ts";
import type { AttemptListener } from "./finish.ts";

export interface RequestMeans {
  readonly endpoints: EndpointTable;
  readonly access: Access;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onAttempt: AttemptListener;
}

/** The path of a request: accept → authenticate → (decode → dispatch → encode, by the endpoint) → finish. */
export function createRequestHandler(means: RequestMeans): RequestHandler {
  return async (inbound, responder) => {
    const started = startedNow(means.clock);
    const log = new RequestLog(means.onAttempt);
    const traceId = traceIdOf(inbound);
    const headers = {
      "x-request-id": inbound.id,
      "x-portkey-trace-id": traceId,
      "x-litellm-call-id": inbound.id,
    };
    const facts = { requestId: inbound.id, traceId, method: inbound.method, started };
    try {
      await serve(means, inbound, responder, headers, log);
    } catch (thrown) {
      if (responder.isStarted) {
        log.errorCode = "internal";
        finish(log, { ...facts, delivery: "cut" }, means.logger, means.clock);
        // Half an answer is out: the server closes the connection, the one honest sign left.
        throw thrown;
      }
      answerFailure(thrown, means, responder, headers, log, inbound.id);
    }
    finish(log, { ...facts, delivery: await responder.outcome }, means.logger, means.clock);
  };
}

async function serve(
  means: RequestMeans,
  inbound: InboundRequest,
  responder: Responder,
  headers: Readonly<Record<string, string>>,
  log: RequestLog,
): Promise<void> {
  const { match } = accept(inbound, means.endpoints);
  const { endpoint, parameters } = match;
  log.endpoint = endpoint.name;
  const caller: Caller =
    endpoint.access === "public" ? { kind: "routes" } : authenticate(inbound, means.access);
  log.callerLabel = caller.kind === "provider" ? caller.label : undefined;
  await endpoint.serve({ inbound, responder, parameters, caller, headers, log });
}

function answerFailure(
  thrown: unknown,
  means: RequestMeans,
  responder: Responder,
  headers: Readonly<Record<string, string>>,
  log: RequestLog,
  requestId: string,
): void {
  const error = toOpenAiError(thrown);
  log.status = error.status;
  log.errorCode = error.code;
  if (error.status === 500) reportFault(means.logger, thrown, requestId);
  encodeError(error, responder, headers);
}

/** What the server answered by itself ends as the same line as every other request. */
export function finishRefused(request: RefusedRequest, logger: Logger, clock: Clock): void {
  const { requestId, method, status, code, delivery } = request;
  const log = new RequestLog();
  log.status = status;
  log.errorCode = code;
  finish(log, { requestId, traceId: requestId, method, started: startedNow(clock), delivery }, logger, clock);
}

/** A fault of ours: its kind and place, not its text, which may hold what a caller sent. */
export function reportFault(logger: Logger, thrown: unknown, requestId: string): void {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const stack =
    cause instanceof Error
      ? cause.stack?.split("\n").filter((line) => line.startsWith("    at "))
      : undefined;
  logger.error(
    { requestId, kind: cause instanceof Error ? cause.name : typeof cause, stack },
    "internal fault",
  );
}
