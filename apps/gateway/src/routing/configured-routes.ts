import { compileLitellmRouting } from "@perilune/core";
import type {
  ConfiguredProvider,
  Deployment,
  ProviderAdapter,
  RouteProblem,
  RouteTable,
} from "@perilune/core";
import type { DeploymentConfig, GatewayConfig } from "../config/gateway-config.ts";
import { compileModelNames, isPattern } from "../config/wildcard-name.ts";
import { litellmRouting, toDeployment } from "./litellm-routing.ts";
import type { ConfiguredDeployment } from "./litellm-routing.ts";

/** The configuration's models and routing settings as the engine's route table. */
export interface ConfiguredRoutes extends RouteTable {
  /** In the order of the file; a pattern's deployment has its pattern as its model. */
  readonly deployments: readonly Deployment[];
}

type BaseUrlOf = (adapter: ProviderAdapter) => string;

export function configuredRoutes(
  config: GatewayConfig,
  adapters: readonly ProviderAdapter[],
  baseUrlOf: BaseUrlOf,
): ConfiguredRoutes {
  const configured = configure(config, adapters, baseUrlOf);
  const routes = compileLitellmRouting(litellmRouting(config, configured));
  if (!routes.ok)
    throw new Error(`The configuration was accepted with a mistake: ${routes.problems[0]?.message}`);
  const { routeOf, names } = routes.value;
  const candidates = candidatesByName(configured);
  return {
    routeOf,
    candidates,
    names: () => [...new Set(names.flatMap((name) => listedNames(name, configured, candidates)))],
    deployments: configured.map(({ deployment }) => deployment),
  };
}

/** What is wrong with the routes a configuration describes, each with its place. */
export function routeProblems(
  config: GatewayConfig,
  adapters: readonly ProviderAdapter[],
  baseUrlOf: BaseUrlOf,
): readonly RouteProblem[] {
  const routes = compileLitellmRouting(litellmRouting(config, configure(config, adapters, baseUrlOf)));
  return routes.ok ? [] : routes.problems;
}

function configure(
  { deployments }: GatewayConfig,
  adapters: readonly ProviderAdapter[],
  baseUrlOf: BaseUrlOf,
): ConfiguredDeployment[] {
  const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
  return deployments.map((config) => ({
    config,
    deployment: toDeployment(config, providerOf(config, byId, baseUrlOf)),
  }));
}

/** The deployments that bear a name, with what the stars of a pattern stand for filled in. */
function candidatesByName(configured: readonly ConfiguredDeployment[]): RouteTable["candidates"] {
  const lookup = compileModelNames(configured.map(({ config, deployment }) => ({ ...config, deployment })));
  return (name) =>
    lookup(name)?.members.map(({ entry, model }) => ({ ...entry.deployment, modelId: model })) ?? [];
}

/** A name as it is; a pattern as the live models of its providers that it leads to. */
function listedNames(
  modelName: string,
  configured: readonly ConfiguredDeployment[],
  candidates: RouteTable["candidates"],
): string[] {
  if (!isPattern(modelName)) return [modelName];
  return configured
    .filter(({ config }) => config.modelName === modelName)
    .flatMap(({ deployment }) => namesLeadingTo(deployment, candidates));
}

function namesLeadingTo({ id, provider }: Deployment, candidates: RouteTable["candidates"]): string[] {
  const { adapter } = provider;
  const isKnown = (modelId: string) => adapter.models.some((known) => known.id === modelId);
  return adapter.models
    .filter(({ lifecycle }) => lifecycle.state === "live")
    .flatMap((profile) => [profile.id, `${adapter.id}/${profile.id}`])
    .filter((name) =>
      candidates(name).some((candidate) => candidate.id === id && isKnown(candidate.modelId)),
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
