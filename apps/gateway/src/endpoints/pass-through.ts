import type {
  ConfiguredProvider,
  Deployment,
  ErrorCode,
  ForwardedResponse,
  PassThroughOperation,
  ProviderAdapter,
  Router,
  RouteTable,
} from "@perilune/core";
import { ProviderError } from "@perilune/core";
import type { HttpError } from "../errors/to-openai-error.ts";
import { abortSignalOf } from "../request/abort-signal.ts";
import { headerText } from "../request/answer-headers.ts";
import { callerOfModel } from "../request/authenticate.ts";
import type { Access } from "../request/authenticate.ts";
import { splitSlug } from "../request/decode.ts";
import { candidatesFor } from "../request/dispatch.ts";
import { encodeError } from "../request/encode.ts";
import { readJsonBody } from "../request/read-json-body.ts";
import { unknownModel } from "../routing/unknown-model.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";
import { forwardedError, toForwardedHttpError } from "./forwarded-error.ts";
import { startUpload } from "./upload.ts";

export interface PassThroughMeans {
  readonly router: Router;
  readonly routes: RouteTable;
  readonly access: Access;
  readonly deployments: readonly Deployment[];
  readonly adapters: readonly ProviderAdapter[];
  readonly maxRequestBytes: number;
}

interface Forwarding {
  readonly provider: ConfiguredProvider;
  /** Whose key it is. */
  readonly owner: "operator" | "caller";
  /** Below the provider's base URL. */
  readonly path: string;
  /** Instead of the caller's own bytes. */
  readonly body?: string;
  /** Where a model was asked for. */
  readonly deployment?: Deployment;
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
  const passThrough = createPassThrough(means.router);
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
export function createPassThrough(router: Router): PassThrough {
  return async (call, forwarding) => {
    const answer = await ask(router, call, forwarding);
    if (answer.status >= 200 && answer.status <= 299) return passOn(answer, call, forwarding);
    const { provider, owner, deployment } = forwarding;
    const error = await forwardedError(answer, provider, deployment?.modelId);
    answerWithError(toForwardedHttpError(error, owner, answer.status), error.code, call, forwarding);
  };
}

async function ask(router: Router, call: EndpointCall, forwarding: Forwarding): Promise<ForwardedResponse> {
  const { inbound } = call;
  const { provider, path, body } = forwarding;
  const query = inbound.query.size === 0 ? "" : `?${inbound.query.toString()}`;
  const signal = abortSignalOf(inbound);
  const upload =
    inbound.method === "POST" && body === undefined ? startUpload(inbound, maxUploadBytes) : undefined;
  const sent = body ?? upload?.bytes;
  try {
    return await router.forward(provider, {
      method: inbound.method,
      path: path + query,
      headers: requestHeaders(call, body),
      signal,
      ...(sent !== undefined && { body: sent }),
    });
  } catch (thrown) {
    throw signal.aborted ? signal.reason : (upload?.failure ?? thrown);
  }
}

async function passOn(answer: ForwardedResponse, call: EndpointCall, forwarding: Forwarding): Promise<void> {
  const { inbound, responder, log } = call;
  const shown = Object.entries(answer.headers).filter(([name]) => forwardedHeaders.has(name));
  log.status = answer.status;
  const writer = responder.startStream(answer.status, {
    ...call.headers,
    ...Object.fromEntries(shown),
    ...whoAnswered(forwarding, "answered"),
  });
  try {
    for await (const bytes of answer.body) await writer.write(bytes);
    writer.end();
  } catch {
    // The status is sent; an unfinished body is the one honest sign left.
    log.errorCode = inbound.signal.aborted ? "cancelled" : "stream_interrupted";
    writer.destroy();
  }
}

function answerWithError(
  error: HttpError,
  outcome: ErrorCode,
  { responder, headers, log }: EndpointCall,
  forwarding: Forwarding,
): void {
  log.status = error.status;
  log.errorCode = error.body.error.code;
  encodeError(error, responder, { ...headers, ...whoAnswered(forwarding, outcome) });
}

function whoAnswered({ provider, deployment }: Forwarding, outcome: string): Record<string, string> {
  const { id } = provider.adapter;
  return {
    "x-perilune-attempts": `1;provider=${id};outcome=${outcome}`,
    "x-portkey-provider": id,
    "x-portkey-retry-attempt-count": "0",
    "x-portkey-last-used-option-index": "config",
    ...(deployment && { "x-litellm-model-id": headerText(deployment.id) }),
  };
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
  return { ...anyCredential(means, adapter, call), path };
}

/** The model decides the target; its public name is replaced by the one the provider knows. */
async function byModel(means: PassThroughMeans, path: string, call: EndpointCall): Promise<Forwarding> {
  const body = await readJsonBody(call.inbound, means.maxRequestBytes);
  const { model, slug } = splitSlug(body["model"]);
  if (typeof model !== "string" || model === "")
    throw invalid("model", "model: expected the name of a model.");
  const caller = callerOfModel(call.caller, slug, means.access);
  call.log.model = model;
  if (caller.kind === "provider") call.log.callerLabel = caller.label;
  const candidates = candidatesFor(caller, model, means.routes) ?? means.routes.candidates(model);
  const deployment = candidates.find(({ weight }) => weight > 0);
  if (deployment === undefined) throw unknownModel(model, means.routes.names());
  return {
    provider: deployment.provider,
    owner: deployment.credentialOwner,
    path,
    body: JSON.stringify({ ...body, model: deployment.modelId }),
    deployment,
  };
}

/** Files and balances belong to a credential: the caller's, else the first one configured for the provider. */
function anyCredential(
  means: PassThroughMeans,
  { id }: ProviderAdapter,
  { caller }: EndpointCall,
): Pick<Forwarding, "provider" | "owner"> {
  if (caller.kind === "provider" && caller.provider.adapter.id === id) return caller;
  const isFree = caller.kind === "routes" && (caller.providerId ?? id) === id;
  const configured = isFree && means.deployments.find(({ provider }) => provider.adapter.id === id);
  if (configured) return { provider: configured.provider, owner: "operator" };
  throw invalid("x-portkey-provider", `No key for ${id} is configured, and none came with the request.`);
}

function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
}

function invalid(parameter: string, message: string): ProviderError {
  return new ProviderError({
    code: "invalid_request",
    message,
    origin: "caller",
    failure: "not_sent",
    parameter,
  });
}
