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
    adjustments: mergeAdjustments(configured, encoded.adjustments),
  };
}

/** The header that carries the key. Attached last, to a request whose origin is already settled. */
export function credentialHeader(provider: ConfiguredProvider): Record<string, string> {
  const { id, connection } = provider.adapter;
  const { header, prefix } = connection.authentication;
  if (provider.apiKey === undefined || provider.apiKey === "") {
    throw unusableKey(
      id,
      `No API key is configured for ${id}: pass one to its factory, or set ${connection.apiKeyVariable} for a gateway.`,
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

interface ConfiguredRequest {
  readonly request: ChatRequest;
  readonly defaults: readonly Adjustment[];
  readonly drops: readonly Adjustment[];
}

/** The operator's defaults and drops, recorded like any other change. What is dropped needs no default. */
function applyDeployment(request: ChatRequest, deployment: Deployment): ConfiguredRequest {
  const dropParameters = deployment.dropParameters ?? [];
  const changed: ChatRequest = { ...request };
  const drops = dropParameters
    .filter((parameter) => changed[parameter] !== undefined)
    .map((parameter): Adjustment => {
      const from = plain(changed[parameter]);
      delete changed[parameter];
      const reason = "The deployment's configuration drops this parameter.";
      return {
        parameter,
        action: "removed",
        ...(from !== undefined && { from }),
        reason,
        effect: "configured",
      };
    });
  const defaults = Object.entries(deployment.defaults ?? {})
    .filter(([parameter]) => changed[parameter] === undefined && !dropParameters.includes(parameter))
    .map(([parameter, value]): Adjustment => {
      changed[parameter] = value;
      const to = plain(value);
      const reason = "The deployment's configuration sets this default.";
      return { parameter, action: "added", ...(to !== undefined && { to }), reason, effect: "configured" };
    });
  return { request: changed, defaults, drops };
}

/**
 * The deployment's changes, then the adapter's. What a provider's rule does to a default is the configuration's
 * business, not the caller's, who never set it; a default that was removed again is listed once, as removed.
 */
function mergeAdjustments(
  { defaults, drops }: ConfiguredRequest,
  encoded: readonly Adjustment[],
): readonly Adjustment[] {
  const defaulted = new Set(defaults.map(({ parameter }) => parameter));
  const removed = new Set(
    encoded.filter(({ action }) => action === "removed").map(({ parameter }) => parameter),
  );
  return [
    ...defaults.filter(({ parameter }) => !removed.has(parameter)),
    ...drops,
    ...encoded.map((adjustment): Adjustment => {
      const isOfDefault = adjustment.effect === "meaning" && defaulted.has(adjustment.parameter);
      return isOfDefault ? { ...adjustment, effect: "configured" } : adjustment;
    }),
  ];
}

/** Only what cannot hold text of the conversation at length: a number, a flag, a word. */
function plain(value: unknown): string | number | boolean | undefined {
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "string" && /^[\w.-]{1,40}$/.test(value) ? value : undefined;
}
