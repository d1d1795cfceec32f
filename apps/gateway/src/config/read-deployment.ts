import { nearestNames } from "@perilune/core/provider";
import { clientOnlyParameters, completionParameters } from "./completion-parameters.ts";
import type { Complaint, Path } from "./config-problem.ts";
import type { ModelEntryInput } from "./config-schema.ts";
import { readCountByError } from "./count-by-error.ts";
import { deploymentId } from "./deployment-id.ts";
import type { DeploymentConfig } from "./gateway-config.ts";
import { milliseconds } from "./milliseconds.ts";
import { printableKey, quoted } from "./printable-value.ts";
import {
  findProvider,
  type ProviderKnowledge,
  readModelReference,
  type Target,
} from "./provider-knowledge.ts";
import { readCredentials } from "./read-credentials.ts";
import { readProviderSettings } from "./read-provider-settings.ts";
import type { ReadingContext } from "./reading-context.ts";
import { countWildcards, isPattern } from "./wildcard-name.ts";
import { withoutUndefined } from "./without-undefined.ts";

type LitellmParams = ModelEntryInput["litellm_params"];

/** Settings that hold for every deployment that does not set its own. */
export interface DeploymentDefaults {
  readonly timeoutMs: number | undefined;
  readonly firstTokenTimeoutMs: number | undefined;
  readonly dropParams: boolean;
}

/** A deployment; `occurrence` counts the entries above that are equal in name and parameters. */
export function readDeployment(
  entry: ModelEntryInput,
  path: Path,
  defaults: DeploymentDefaults,
  occurrence: number,
  context: ReadingContext,
): DeploymentConfig | undefined {
  const params = entry.litellm_params;
  const paramsPath = [...path, "litellm_params"];
  const target = readTarget(params, paramsPath, context);
  checkHeaders(params, paramsPath, context);
  checkExtraBody(params, paramsPath, context);
  if (target === undefined) return undefined;
  checkModel(entry.model_name, target, paramsPath, context);
  const credentials = readCredentials(params, target.provider, paramsPath, context);
  const settings = readProviderSettings(params.provider_settings, target.provider, paramsPath, context);
  if (credentials === undefined) return undefined;
  return withoutUndefined({
    id: entry.model_info?.id ?? deploymentId(entry.model_name, params, occurrence),
    modelName: entry.model_name,
    providerId: target.provider.id,
    model: target.model,
    ...credentials,
    ...readTimeouts(params, defaults),
    ...readLimits(entry, paramsPath, context),
    place: path,
    weight: params.weight,
    defaults: readCompletionDefaults(params),
    extraHeaders: lowerCaseKeys(params.extra_headers ?? {}),
    dropParams: params.drop_params ?? defaults.dropParams,
    additionalDropParams: params.additional_drop_params ?? [],
    tags: params.tags ?? [],
    settings,
  });
}

function readTarget(
  params: LitellmParams,
  path: Path,
  { providers, log }: ReadingContext,
): Target | undefined {
  const explicit = params.custom_llm_provider;
  if (explicit !== undefined) {
    const found = findProvider(explicit, providers);
    if ("provider" in found)
      return { provider: found.provider, model: withoutPrefix(params.model, explicit) };
    log.error([...path, "custom_llm_provider"], found.complaint);
    return undefined;
  }
  const reading = readModelReference(params.model, providers);
  if ("target" in reading) return reading.target;
  log.error([...path, "model"], reading.complaint);
  return undefined;
}

function withoutPrefix(model: string, providerId: string): string {
  return model.startsWith(`${providerId}/`) ? model.slice(providerId.length + 1) : model;
}

function checkModel(
  modelName: string,
  { provider, model }: Target,
  path: Path,
  { log }: ReadingContext,
): void {
  const modelPath = [...path, "model"];
  const [needed, there] = [countWildcards(model), countWildcards(modelName)];
  if (needed > there) {
    const message = `has ${needed} "*" to be filled, but model_name has ${there === 0 ? "none" : `only ${there}`}`;
    log.error(modelPath, { message });
    return;
  }
  const complaint = isPattern(model) ? undefined : doubtAbout(model, provider);
  if (complaint !== undefined) log.warning(modelPath, complaint);
}

/** What an operator would want to know of a model before its first call fails. */
function doubtAbout(model: string, provider: ProviderKnowledge): Complaint | undefined {
  const retirement = provider.retirementOf(model);
  if (retirement !== undefined) {
    const { on, replacedBy } = retirement;
    return { message: `"${model}" was retired on ${on}; ${replacedBy} replaces it` };
  }
  if (provider.modelIds.includes(model)) return undefined;
  const name = quoted(model);
  const family = provider.familyOf(model);
  const message =
    family === undefined
      ? `${provider.id} lists no model ${name ?? "of this name"}; requests will ask for it all the same`
      : `${name ?? "this"} is not a model this version knows, taken for one of the family ${family}`;
  const live = provider.modelIds.filter((id) => provider.retirementOf(id) === undefined);
  const near = nearestNames(model, live, 3).map((id) => `${provider.id}/${id}`);
  return near.length === 0 ? { message } : { message, suggestion: near.join(" or ") };
}

function readTimeouts(params: LitellmParams, defaults: DeploymentDefaults) {
  const firstTokenTimeout = milliseconds(params.ttft_timeout ?? params.stream_timeout);
  return {
    timeoutMs: milliseconds(params.timeout) ?? defaults.timeoutMs,
    firstTokenTimeoutMs: firstTokenTimeout ?? defaults.firstTokenTimeoutMs,
    streamIdleTimeoutMs: milliseconds(params.stream_idle_timeout),
    cooldownMs: milliseconds(params.cooldown_time),
  };
}

function readLimits(entry: ModelEntryInput, paramsPath: Path, { log }: ReadingContext) {
  const params = entry.litellm_params;
  for (const key of ["rpm", "tpm"] as const) {
    if (entry[key] === undefined || params[key] === undefined || entry[key] === params[key]) continue;
    log.error([...paramsPath, key], {
      message: `differs from ${key} beside litellm_params; keep this one only`,
    });
  }
  const policy = params.allowed_fails_policy;
  return {
    order: params.order,
    requestsPerMinute: params.rpm ?? entry.rpm,
    tokensPerMinute: params.tpm ?? entry.tpm,
    maxParallelRequests: params.max_parallel_requests,
    retries: params.num_retries ?? params.max_retries,
    allowedFailsByError: policy && readCountByError(policy),
  };
}

function readCompletionDefaults(params: LitellmParams): Record<string, unknown> {
  const named = Object.entries(params).filter(
    ([key, value]) => key in completionParameters && value !== undefined,
  );
  return { ...Object.fromEntries(named), ...params.extra_body };
}

function checkExtraBody(params: LitellmParams, path: Path, { log }: ReadingContext): void {
  for (const key of Object.keys(params.extra_body ?? {})) {
    if (!clientOnlyParameters.includes(key)) continue;
    log.errorAtKey([...path, "extra_body", key], {
      message: "comes with every request and cannot have a default",
    });
  }
}

/** Headers that belong to the connection: whoever opens it sets them. */
const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function checkHeaders(params: LitellmParams, path: Path, { log }: ReadingContext): void {
  const seen = new Set<string>();
  for (const name of Object.keys(params.extra_headers ?? {})) {
    const headerPath = [...path, "extra_headers", name];
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/u.test(lower)) {
      log.errorAtKey(headerPath, { message: `${printableKey(name)} cannot be the name of a header` });
    } else if (connectionHeaders.has(lower)) {
      log.errorAtKey(headerPath, { message: `${lower} belongs to the connection and cannot be set here` });
    } else if (seen.has(lower)) {
      log.errorAtKey(headerPath, { message: `${lower} is already set above in other letters` });
    }
    seen.add(lower);
  }
}

function lowerCaseKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
