import type { Adjustment, ChatDispatch, Router, RouteTable } from "@perilune/core";
import { toOpenAiError } from "../errors/to-openai-error.ts";
import type { HttpError } from "../errors/to-openai-error.ts";
import { answerHeaders, failureHeaders } from "../request/answer-headers.ts";
import { callerOfModel } from "../request/authenticate.ts";
import type { Access, Caller } from "../request/authenticate.ts";
import { decodeChat, refuseIgnored } from "../request/decode.ts";
import { dispatch, routeOptions } from "../request/dispatch.ts";
import {
  encodeError,
  encodeResponse,
  encodeStream,
  encodeStreamError,
  streamHeaders,
} from "../request/encode.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";

export interface ChatMeans {
  readonly router: Router;
  readonly routes: RouteTable;
  readonly access: Access;
  readonly maxRequestBytes: number;
}

/** `/chat/completions`, and the forms of it that carry the model in the path. */
export function chatCompletions(means: ChatMeans): Endpoint[] {
  const paths = [
    "/chat/completions",
    "/engines/{model+}/chat/completions",
    "/openai/deployments/{model+}/chat/completions",
  ];
  return paths.map((path) => ({
    name: "chat.completions",
    method: "POST",
    path,
    access: "key",
    serve: (call) => serveChat(means, call),
  }));
}

async function serveChat(means: ChatMeans, call: EndpointCall): Promise<void> {
  const { inbound, log, parameters } = call;
  const chat = await decodeChat(inbound, {
    maxRequestBytes: means.maxRequestBytes,
    modelFromPath: parameters["model"],
  });
  log.model = chat.request.model;
  log.isStream = chat.request.stream === true;
  const caller = callerOfModel(call.caller, chat.virtualKeySlug, means.access);
  if (caller.kind === "provider") log.callerLabel = caller.label;
  const route = routeOptions(means, chat, caller, inbound);
  if (chat.isStrict) refuseIgnored(route.adjustments);
  const taken = [...chat.adjustments, ...route.adjustments];
  let answer: ChatDispatch;
  try {
    answer = await dispatch(means, chat, route, call);
  } catch (thrown) {
    return answerFailure(thrown, call, taken, caller);
  }
  await answerWith(answer, call, taken);
}

async function answerWith(
  answer: ChatDispatch,
  call: EndpointCall,
  taken: readonly Adjustment[],
): Promise<void> {
  const { log, responder } = call;
  const adjustments = [...taken, ...answer.adjustments];
  const failed = log.attempts.filter(({ number }) => number < answer.attemptNumber);
  const headers = { ...call.headers, ...answerHeaders(answer, failed, adjustments) };
  log.adjustmentCount = adjustments.length;
  log.status = 200;
  if (answer.kind === "response") encodeResponse(answer, responder, headers);
  else await streamAnswer(answer, call, headers);
}

/** Past this point the status is sent: a failure is told in the stream. */
async function streamAnswer(
  answer: Extract<ChatDispatch, { kind: "stream" }>,
  call: EndpointCall,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const writer = call.responder.startStream(200, { ...headers, ...streamHeaders });
  try {
    await encodeStream(answer.chunks, writer);
  } catch (thrown) {
    const error = toOpenAiError(thrown, { owner: answer.deployment.credentialOwner });
    call.log.errorCode = error.code;
    encodeStreamError(withRequestId(error, call.inbound.id), writer);
  }
}

/** Headers are gone by now; the id is what support asks for first. */
function withRequestId(error: HttpError, requestId: string): HttpError {
  return { ...error, body: { error: { ...error.body.error, request_id: requestId } } };
}

function answerFailure(
  thrown: unknown,
  call: EndpointCall,
  taken: readonly Adjustment[],
  caller: Caller,
): void {
  const { log, responder } = call;
  const ofCaller = caller.kind === "provider" ? caller.owner : "operator";
  const error = toOpenAiError(thrown, { owner: log.attempts.at(-1)?.credentialOwner ?? ofCaller });
  // A refused adjustment never reached a provider; those of the last attempt are what was sent.
  const sent: readonly Adjustment[] = log.attempts.at(-1)?.adjustments ?? [];
  const adjustments = [...taken, ...sent];
  log.status = error.status;
  log.errorCode = error.code;
  log.adjustmentCount = adjustments.length;
  encodeError(error, responder, { ...call.headers, ...failureHeaders(log.attempts, adjustments) });
}
