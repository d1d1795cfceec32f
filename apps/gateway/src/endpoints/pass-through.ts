import type {
  Clock,
  Deployment,
  ForwardedResponse,
  PassThroughOperation,
  ProviderAdapter,
  Router,
  RouteTable,
} from "@perilune/core";
import { ProviderError, unknownModel } from "@perilune/core";
import { invalidRequest } from "../errors/invalid-request.ts";
import { toOpenAiError } from "../errors/to-openai-error.ts";
import { abortSignalOf } from "../request/abort-signal.ts";
import { answerHeaders, failureHeaders } from "../request/answer-headers.ts";
import { callerOfModel } from "../request/authenticate.ts";
import type { Access } from "../request/authenticate.ts";
import { splitSlug } from "../request/decode.ts";
import { candidatesFor } from "../request/dispatch.ts";
import { encodeError } from "../request/encode.ts";
import { readJsonBody } from "../request/read-json-body.ts";
import { withoutModel } from "../routing/caller-candidates.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";
import { ForwardedAttempt } from "./forwarded-attempt.ts";
import { forwardedError } from "./forwarded-error.ts";
import { startUpload } from "./upload.ts";
import type { Upload } from "./upload.ts";

export interface PassThroughMeans {
  readonly router: Router;
  readonly clock: Clock;
  readonly routes: RouteTable;
  readonly access: Access;
  readonly deployments: readonly Deployment[];
  readonly adapters: readonly ProviderAdapter[];
  readonly maxRequestBytes: number;
}

/** What a request is forwarded to. */
interface Forwarding {
  /** Its model is empty where none is asked for; its provider and credential always count. */
  readonly deployment: Deployment;
  /** Below the provider's base URL. */
  readonly path: string;
  /** Instead of the caller's own bytes. */
  readonly body?: string;
}

export type PassThrough = (call: EndpointCall, forwarding: Forwarding) => Promise<void>;

/** Response headers a client may see. Cookies, redirects and framing of the provider's are its own. */
const forwardedHeaders = new Set([
  "content-type",
  "content-encoding",
  "content-disposition",
  "retry-after",
  "msh-request-id",
]);

/** Moonshot takes files of 100 MB; the rest is room for the form around one. */
const maxUploadBytes = 101 * 1024 * 1024;

/** The endpoints the adapters declare beside chat, such as files and balance. */
export function passThroughEndpoints(means: PassThroughMeans): Endpoint[] {
  const passThrough = createPassThrough(means.router, means.clock);
  return means.adapters.flatMap((adapter) =>
    (adapter.passThrough ?? []).map((operation) => ({
      name: operation.name,
      method: operation.method,
      path: operation.path,
      access: "key" as const,
      serve: async (call: EndpointCall) => passThrough(call, await prepare(means, adapter, operation, call)),
    })),
  );
}

/** Streams a request to a provider's endpoint and the answer back, both at the reader's pace. */
export function createPassThrough(router: Router, clock: Clock): PassThrough {
  return async (call, forwarding) => {
    const { deployment } = forwarding;
    const upload = uploadOf(call, forwarding);
    const attempt = new ForwardedAttempt(deployment, clock, (record) => call.log.addAttempt(record));
    let answer: ForwardedResponse;
    try {
      answer = await ask(router, call, forwarding, upload);
    } catch (thrown) {
      attempt.fail(thrown);
      return answerWithError(thrown, call, deployment);
    }
    const { status } = answer;
    if (status >= 200 && status <= 299) return passOn(answer, call, deployment, attempt);
    const error = await forwardedError(answer, deployment.provider, deployment.modelId);
    attempt.fail(error, status);
    answerWithError(error, call, deployment, status);
  };
}

function uploadOf({ inbound }: EndpointCall, { body }: Forwarding): Upload | undefined {
  return inbound.method === "POST" && body === undefined ? startUpload(inbound, maxUploadBytes) : undefined;
}

async function ask(
  router: Router,
  call: EndpointCall,
  { deployment, path, body }: Forwarding,
  upload: Upload | undefined,
): Promise<ForwardedResponse> {
  const { inbound } = call;
  const query = inbound.query.size === 0 ? "" : `?${inbound.query.toString()}`;
  const signal = abortSignalOf(inbound);
  const sent = body ?? upload?.bytes;
  try {
    return await router.forward(deployment.provider, {
      // A provider need not know HEAD; what it would say to GET is what is asked.
      method: inbound.method === "HEAD" ? "GET" : inbound.method,
      path: path + query,
      headers: requestHeaders(call, body),
      signal,
      ...(sent !== undefined && { body: sent }),
    });
  } catch (thrown) {
    throw signal.aborted ? signal.reason : (upload?.failure ?? thrown);
  }
}

async function passOn(
  answer: ForwardedResponse,
  call: EndpointCall,
  deployment: Deployment,
  attempt: ForwardedAttempt,
): Promise<void> {
  const { inbound, responder, log } = call;
  const shown = Object.entries(answer.headers).filter(([name]) => forwardedHeaders.has(name));
  log.status = answer.status;
  const writer = responder.startStream(answer.status, {
    ...call.headers,
    ...Object.fromEntries(shown),
    ...answerHeaders({ deployment, attemptNumber: 1 }, [], []),
  });
  try {
    if (inbound.method === "HEAD") answer.cancel();
    else for await (const bytes of answer.body) await writer.write(bytes);
    attempt.complete(answer.status);
    writer.end();
  } catch (thrown) {
    // The status is sent; an unfinished body is the one honest sign left.
    const error = inbound.signal.aborted ? abortSignalOf(inbound).reason : interrupted(thrown);
    log.errorCode = error instanceof ProviderError ? error.code : "cancelled";
    attempt.fail(error, answer.status);
    writer.destroy();
  }
}

/** Whatever broke, the answer had begun. */
function interrupted(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError && thrown.code === "stream_interrupted") return thrown;
  const message = "The provider's answer broke off.";
  return new ProviderError({ code: "stream_interrupted", message, origin: "upstream", cause: thrown });
}

function answerWithError(
  thrown: unknown,
  { responder, headers, log }: EndpointCall,
  { credentialOwner }: Deployment,
  forwardedStatus?: number,
): void {
  const error = toOpenAiError(thrown, {
    owner: credentialOwner,
    ...(forwardedStatus !== undefined && { forwardedStatus }),
  });
  log.status = error.status;
  log.errorCode = error.code;
  encodeError(error, responder, { ...headers, ...failureHeaders(log.attempts, []) });
}

function requestHeaders({ inbound }: EndpointCall, body: string | undefined): Record<string, string> {
  const type = inbound.header("content-type");
  const length = body === undefined ? inbound.header("content-length") : undefined;
  return {
    accept: inbound.header("accept") ?? "*/*",
    "accept-encoding": "identity",
    ...(type !== undefined && { "content-type": type }),
    ...(length !== undefined && inbound.method === "POST" && { "content-length": length }),
  };
}

async function prepare(
  means: PassThroughMeans,
  adapter: ProviderAdapter,
  operation: PassThroughOperation,
  call: EndpointCall,
): Promise<Forwarding> {
  const path = fillPath(operation.path, call.parameters);
  if (operation.target === "model_in_body") return byModel(means, path, call);
  return { deployment: anyCredential(means, adapter, call), path };
}

/** The model decides the target; its public name is replaced by the one the provider knows. */
async function byModel(means: PassThroughMeans, path: string, call: EndpointCall): Promise<Forwarding> {
  const body = await readJsonBody(call.inbound, means.maxRequestBytes);
  const { model, slug } = splitSlug(body["model"]);
  if (typeof model !== "string" || model === "")
    throw invalidRequest("model", "model: expected the name of a model.");
  const caller = callerOfModel(call.caller, slug, means.access);
  call.log.model = model;
  if (caller.kind === "provider") call.log.callerLabel = caller.label;
  const candidates = candidatesFor(caller, model, means.routes) ?? means.routes.candidates(model);
  const deployment = candidates.find(({ weight }) => weight > 0);
  if (deployment === undefined) throw unknownModel(model, means.routes.names());
  return { path, body: JSON.stringify({ ...body, model: deployment.modelId }), deployment };
}

/** Files and balances belong to a credential: the caller's, else the first one configured for the provider. */
function anyCredential(
  means: PassThroughMeans,
  { id }: ProviderAdapter,
  { caller }: EndpointCall,
): Deployment {
  if (caller.kind === "provider" && caller.provider.adapter.id === id) return withoutModel(caller);
  const isFree = caller.kind === "routes" && (caller.providerId ?? id) === id;
  const configured = isFree && means.deployments.find(({ provider }) => provider.adapter.id === id);
  if (configured) return { ...configured, modelId: "" };
  throw invalidRequest(
    "x-portkey-provider",
    `No key for ${id} is configured, and none came with the request.`,
  );
}

function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
}
