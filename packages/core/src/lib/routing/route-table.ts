import type { ConfiguredProvider } from "../contract/provider-adapter.ts";
import type { Deployment } from "./deployment.ts";
import { groupOf } from "./group-of.ts";
import type { RetryPolicy, RouteNode } from "./route-plan.ts";

/** Which deployments serve a name a client may ask for, and how a request finds its way among them. */
export interface RouteTable {
  /** Undefined when the name is not served. */
  routeOf(modelName: string): RouteNode | undefined;
  /** The deployments that bear the name, without what they fall back to. Empty when the name is not served. */
  candidates(modelName: string): readonly Deployment[];
  /** Every name that can be listed; patterns are listed by what they match. */
  names(): readonly string[];
}

/** `provider/model` for every configured provider, any model id: what an application without a gateway uses. */
export function routesByProvider(providers: readonly ConfiguredProvider[], retry: RetryPolicy): RouteTable {
  const candidates = (modelName: string) =>
    providers.flatMap((provider) => {
      const prefix = `${provider.adapter.id}/`;
      return modelName.startsWith(prefix) && modelName.length > prefix.length
        ? [plainDeployment(provider, modelName.slice(prefix.length))]
        : [];
    });
  return {
    candidates,
    routeOf: (modelName) => groupOf(candidates(modelName), "providers", retry),
    names: () =>
      providers.flatMap(({ adapter }) => adapter.models.map((profile) => `${adapter.id}/${profile.id}`)),
  };
}

function plainDeployment(provider: ConfiguredProvider, modelId: string): Deployment {
  const id = `${provider.adapter.id}/${modelId}`;
  return { id, provider, modelId, weight: 1, credentialOwner: "operator" };
}
