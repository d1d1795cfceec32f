import type {
  ConfiguredProvider,
  Deployment,
  PassThroughOperation,
  ProviderAdapter,
  Router,
  RouteTable,
} from "@perilune/core";
import { ProviderError } from "@perilune/core";
import { headerText } from "../request/answer-headers.ts";
import { readJsonBody } from "../request/read-json-body.ts";
import { callersKeyCandidates } from "../routing/caller-candidates.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";

export interface PassThroughMeans {
  readonly router: Router;
  readonly routes: RouteTable;
  readonly deployments: readonly Deployment[];
  readonly adapters: readonly ProviderAdapter[];
  readonly maxRequestBytes: number;
}

export interface Forwarding {
  readonly provider: ConfiguredProvider;
  /** Below the provider's base URL. */
  readonly path: string;
  /** Instead of the caller's own bytes. */
  readonly body?: string;
}

export type PassThrough = (call: EndpointCall, forwarding: Forwarding) => Promise<void>;

/** Response headers a client may see. Cookies, redirects and framing of the provider's are its own. */
const forwardedHeaders = new Set(["content-type", "content-disposition", "retry-after", "msh-request-id"]);

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
  return async (call, { provider, path, body }) => {
    const { inbound, responder, log } = call;
    const query = inbound.query.size === 0 ? "" : `?${inbound.query.toString()}`;
    const answer = await router.forward(provider, {
      method: inbound.method,
      path: path + query,
      headers: requestHeaders(call, body),
      signal: inbound.signal,
      ...(inbound.method === "POST" && { body: body ?? inbound.bodyStream() }),
    });
    log.status = answer.status;
    const shown = Object.entries(answer.headers).filter(([name]) => forwardedHeaders.has(name));
    const writer = responder.startStream(answer.status, {
      ...call.headers,
      ...Object.fromEntries(shown),
      "x-portkey-provider": provider.adapter.id,
    });
    try {
      for await (const bytes of answer.body) await writer.write(bytes);
      writer.end();
    } catch {
      // The status is sent; an unfinished body is the one honest sign left.
      log.errorCode = "stream_interrupted";
      writer.destroy();
    }
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
  call.log.callerLabel = call.caller.kind === "provider" ? call.caller.label : undefined;
  if (operation.target === "model_in_body") return byModel(means, operation, call);
  return { provider: anyCredential(means, adapter, call), path: fillPath(operation.path, call.parameters) };
}

/** The model decides the target; its public name is replaced by the one the provider knows. */
async function byModel(
  means: PassThroughMeans,
  operation: PassThroughOperation,
  call: EndpointCall,
): Promise<Forwarding> {
  const body = await readJsonBody(call.inbound, means.maxRequestBytes);
  const model = body["model"];
  if (typeof model !== "string") throw invalid("model", "model: expected the name of a model.");
  call.log.model = model;
  const candidates =
    call.caller.kind === "provider"
      ? callersKeyCandidates(call.caller, model)
      : means.routes.candidates(model);
  const deployment = candidates[0];
  if (deployment === undefined) throw unknownModel(model);
  return {
    provider: deployment.provider,
    path: fillPath(operation.path, call.parameters),
    body: JSON.stringify({ ...body, model: deployment.modelId }),
  };
}

/** Files and balances belong to a credential: the caller's, else the first one configured for the provider. */
function anyCredential(
  means: PassThroughMeans,
  adapter: ProviderAdapter,
  { caller }: EndpointCall,
): ConfiguredProvider {
  if (caller.kind === "provider") return caller.provider;
  const configured = means.deployments.find(({ provider }) => provider.adapter.id === adapter.id);
  if (configured !== undefined) return configured.provider;
  throw invalid(
    "x-portkey-provider",
    `No key for ${adapter.id} is configured, and none came with the request.`,
  );
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

function unknownModel(model: string): ProviderError {
  return new ProviderError({
    code: "model_not_found",
    message: `The model "${headerText(model)}" is not configured here.`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}
