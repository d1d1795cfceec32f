import { ProviderError, shortened } from "@perilune/core";
import type { Deployment, RouteTable } from "@perilune/core";
import type { Caller } from "../request/authenticate.ts";

type ProviderCaller = Extract<Caller, { kind: "provider" }>;

/** Any model of the provider behind a virtual key or the caller's own key. */
export function callersKeyCandidates(caller: ProviderCaller, model: string): Deployment[] {
  const { provider, owner, label } = caller;
  const prefix = `${provider.adapter.id}/`;
  const modelId = model.startsWith(prefix) ? model.slice(prefix.length) : model;
  return [{ id: `${label}/${modelId}`, provider, modelId, weight: 1, credentialOwner: owner }];
}

/** The credential alone, for what belongs to an account and not to a model. */
export function withoutModel({ provider, owner, label }: ProviderCaller): Deployment {
  return { id: label, provider, modelId: "", weight: 1, credentialOwner: owner };
}

/** The configured deployments of one provider that serve the name, with or without the provider's prefix. */
export function providerCandidates(
  providerId: string,
  model: string,
  routes: RouteTable,
): readonly Deployment[] {
  for (const name of [model, `${providerId}/${model}`]) {
    const found = routes.candidates(name).filter(({ provider }) => provider.adapter.id === providerId);
    if (found.length > 0) return found;
  }
  throw new ProviderError({
    code: "model_not_found",
    message: `No configured deployment of ${providerId} serves the model "${shortened(model)}", and no provider key came with the request.`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}
