import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { ChatTarget, ConfiguredProvider } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { Deployment } from "../routing/deployment.ts";
import { lowerCaseNames } from "./lower-case-names.ts";
import { upstreamUrl } from "./upstream-url.ts";

/** An attempt ready to be sent, or to be shown without being sent. */
export interface PreparedAttempt {
  readonly target: ChatTarget;
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Without the credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly adjustments: readonly Adjustment[];
}

/** The canonical request as this deployment's provider gets it. Pure. */
export function prepareAttempt(request: ChatRequest, deployment: Deployment): PreparedAttempt {
  const { adapter, baseUrl, settings } = deployment.provider;
  const target: ChatTarget = {
    modelId: deployment.modelId,
    profile: adapter.profileOf(deployment.modelId),
    settings,
  };
  const configured = applyDeployment(request, deployment);
  const encoded = adapter.chat.encodeRequest(configured.request, target);
  return {
    target,
    ...upstreamUrl(baseUrl, encoded.path),
    method: encoded.method,
    headers: {
      "content-type": "application/json",
      accept: request.stream === true ? "text/event-stream" : "application/json",
      // A compressed stream cannot be forwarded as it comes; a compressed answer saves nothing on this path.
      "accept-encoding": "identity",
      ...lowerCaseNames(encoded.headers),
      ...lowerCaseNames(deployment.extraHeaders ?? {}),
    },
    body: JSON.stringify(encoded.body),
    adjustments: [...configured.adjustments, ...encoded.adjustments],
  };
}

/** The header that carries the key. Attached last, to a request whose origin is already settled. */
export function credentialHeader(provider: ConfiguredProvider): Record<string, string> {
  const { id, connection } = provider.adapter;
  const { header, prefix } = connection.authentication;
  if (provider.apiKey === undefined || provider.apiKey === "") {
    throw unusableKey(
      id,
      `No API key is configured for ${id}: set ${connection.apiKeyVariable} or pass a key.`,
    );
  }
  if (notHeaderText.test(provider.apiKey)) {
    throw unusableKey(
      id,
      `The API key for ${id} contains a character that no header may hold, such as a line end.`,
    );
  }
  return { [header.toLowerCase()]: prefix + provider.apiKey };
}

const notHeaderText = /[^\t\u0020-\u007E\u0080-\u00FF]/u;

function unusableKey(providerId: string, message: string): ProviderError {
  return new ProviderError({
    code: "authentication",
    message,
    origin: "router",
    failure: "not_sent",
    providerId,
  });
}

/** The operator's defaults and drops, recorded like any other change. */
function applyDeployment(request: ChatRequest, deployment: Deployment) {
  const adjustments: Adjustment[] = [];
  const changed: ChatRequest = { ...request };
  for (const [parameter, value] of Object.entries(deployment.defaults ?? {})) {
    if (changed[parameter] !== undefined) continue;
    changed[parameter] = value;
    adjustments.push({
      parameter,
      action: "added",
      reason: "The deployment's configuration sets this default.",
      effect: "meaning",
    });
  }
  for (const parameter of deployment.dropParameters ?? []) {
    if (changed[parameter] === undefined) continue;
    delete changed[parameter];
    adjustments.push({
      parameter,
      action: "removed",
      reason: "The deployment's configuration drops this parameter.",
      effect: "meaning",
    });
  }
  return { request: changed, adjustments };
}
