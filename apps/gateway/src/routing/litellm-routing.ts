import type { ConfiguredProvider, Deployment, LitellmDeployment, LitellmRoutingInput } from "@perilune/core";
import type { DeploymentConfig, GatewayConfig } from "../config/gateway-config.ts";
import { compileModelNames, isPattern } from "../config/wildcard-name.ts";

/** A deployment of the configuration, beside the one the engine gets. */
export interface ConfiguredDeployment {
  readonly config: DeploymentConfig;
  readonly deployment: Deployment;
}

/** The configuration in the words of core's compiler for LiteLLM's settings. */
export function litellmRouting(
  { routing }: GatewayConfig,
  configured: readonly ConfiguredDeployment[],
): LitellmRoutingInput {
  const entries = configured.map(({ config, deployment }) => ({
    modelName: config.modelName,
    model: config.model,
    litellm: litellmDeployment(config, deployment),
  }));
  const lookup = compileModelNames(entries.filter(({ modelName }) => isPattern(modelName)));
  const { defaultFallbacks, ...rules } = routing;
  return {
    ...rules,
    deployments: entries.map(({ litellm }) => litellm),
    matchPattern: (name) =>
      lookup(name)?.members.map(({ entry, model }) => withModel(entry.litellm, model)) ?? [],
    ...(defaultFallbacks.targets.length > 0 && { defaultFallbacks }),
  };
}

function litellmDeployment(config: DeploymentConfig, deployment: Deployment): LitellmDeployment {
  const { place, modelName, weight, order, requestsPerMinute, tokensPerMinute, retries, cooldownMs } = config;
  return {
    place,
    modelName,
    deployment,
    ...(weight !== undefined && { weight }),
    ...(order !== undefined && { order }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(retries !== undefined && { retries }),
    ...(cooldownMs !== undefined && { cooldownMs }),
    ...(config.allowedFailsByError && { allowedFailsByError: config.allowedFailsByError }),
  };
}

function withModel(litellm: LitellmDeployment, modelId: string): LitellmDeployment {
  return { ...litellm, deployment: { ...litellm.deployment, modelId, servesManyModels: true } };
}

/** What the engine needs of a deployment of the configuration. */
export function toDeployment(config: DeploymentConfig, provider: ConfiguredProvider): Deployment {
  const { requestsPerMinute, tokensPerMinute } = config;
  return {
    id: config.id,
    provider,
    modelId: config.model,
    weight: config.weight ?? 1,
    credentialOwner: "operator",
    timeouts: {
      ...(config.timeoutMs !== undefined && { attemptMs: config.timeoutMs }),
      ...(config.firstTokenTimeoutMs !== undefined && { firstTokenMs: config.firstTokenTimeoutMs }),
      ...(config.streamIdleTimeoutMs !== undefined && { idleMs: config.streamIdleTimeoutMs }),
    },
    ...((requestsPerMinute !== undefined || tokensPerMinute !== undefined) && {
      usageLimits: {
        ...(requestsPerMinute !== undefined && { requestsPerMinute }),
        ...(tokensPerMinute !== undefined && { tokensPerMinute }),
      },
    }),
    defaults: config.defaults,
    dropParameters: config.additionalDropParams,
    extraHeaders: config.extraHeaders,
  };
}
