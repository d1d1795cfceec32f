import type { ConfiguredProvider, Deployment, ProviderAdapter, RouteTable } from "@perilune/core";
import type { DeploymentConfig } from "../config/gateway-config.ts";
import { compileModelNames, isPattern } from "../config/wildcard-name.ts";

/** The configuration's `model_list` as the engine's route table. */
export interface ConfiguredRoutes extends RouteTable {
  /** In the order of the file; a pattern's deployment has its pattern as its model. */
  readonly deployments: readonly Deployment[];
}

export function configuredRoutes(
  configs: readonly DeploymentConfig[],
  adapters: ReadonlyMap<string, ProviderAdapter>,
  baseUrlOf: (adapter: ProviderAdapter) => string,
): ConfiguredRoutes {
  const entries = configs.map((config) => {
    const deployment = toDeployment(config, providerOf(config, adapters, baseUrlOf));
    return { modelName: config.modelName, model: config.model, deployment };
  });
  const lookup = compileModelNames(entries);
  const candidates = (modelName: string): readonly Deployment[] =>
    lookup(modelName)?.members.map(({ entry, model }) => ({ ...entry.deployment, modelId: model })) ?? [];
  return {
    candidates,
    names: () => [
      ...new Set(
        entries.flatMap(({ modelName, deployment }) => listedNames(modelName, deployment, candidates)),
      ),
    ],
    deployments: entries.map(({ deployment }) => deployment),
  };
}

/** A name as it is; a pattern as the live models of its provider that it leads to. */
function listedNames(
  modelName: string,
  { id, provider }: Deployment,
  candidates: (name: string) => readonly Deployment[],
): string[] {
  if (!isPattern(modelName)) return [modelName];
  const { adapter } = provider;
  return adapter.models
    .filter(({ lifecycle }) => lifecycle.state === "live")
    .flatMap((profile) => [profile.id, `${adapter.id}/${profile.id}`])
    .filter((name) =>
      candidates(name).some(
        (candidate) => candidate.id === id && adapter.models.some((known) => known.id === candidate.modelId),
      ),
    );
}

function providerOf(
  config: DeploymentConfig,
  adapters: ReadonlyMap<string, ProviderAdapter>,
  baseUrlOf: (adapter: ProviderAdapter) => string,
): ConfiguredProvider {
  const adapter = adapters.get(config.providerId);
  if (adapter === undefined)
    throw new Error(`The configuration was accepted with an unknown provider: ${config.providerId}`);
  return {
    adapter,
    apiKey: config.apiKey,
    baseUrl: config.baseUrl ?? baseUrlOf(adapter),
    settings: adapter.settings.parse(config.settings ?? {}),
  };
}

function toDeployment(config: DeploymentConfig, provider: ConfiguredProvider): Deployment {
  return {
    id: config.id,
    provider,
    modelId: config.model,
    weight: config.weight,
    credentialOwner: "operator",
    timeouts: {
      ...(config.timeoutMs !== undefined && { attemptMs: config.timeoutMs }),
      ...(config.firstTokenTimeoutMs !== undefined && { firstTokenMs: config.firstTokenTimeoutMs }),
      ...(config.streamIdleTimeoutMs !== undefined && { idleMs: config.streamIdleTimeoutMs }),
    },
    defaults: config.defaults,
    dropParameters: config.additionalDropParams,
    extraHeaders: config.extraHeaders,
  };
}
