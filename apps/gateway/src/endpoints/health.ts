import type { Deployment } from "@perilune/core";
import type { Endpoint, EndpointCall } from "./endpoint.ts";

export interface HealthMeans {
  readonly deployments: readonly Deployment[];
  isDraining(): boolean;
}

/**
 * Health as LiteLLM's clients ask for it. `/health` lists the deployments without calling them: a health
 * check that costs tokens is not one.
 */
export function health(means: HealthMeans): Endpoint[] {
  const alive = (path: string): Endpoint =>
    publicEndpoint("health.live", path, (call) => send(call, 200, "I'm alive!"));
  return [
    alive("/health/liveliness"),
    alive("/health/liveness"),
    publicEndpoint("health.ready", "/health/readiness", (call) => {
      const isDraining = means.isDraining();
      send(call, isDraining ? 503 : 200, { status: isDraining ? "draining" : "healthy" });
    }),
    {
      ...publicEndpoint("health", "/health", (call) => send(call, 200, report(means.deployments))),
      access: "key",
    },
  ];
}

function publicEndpoint(name: string, path: string, answer: (call: EndpointCall) => void): Endpoint {
  return {
    name,
    method: "GET",
    path,
    access: "public",
    serve: (call) => {
      answer(call);
      return Promise.resolve();
    },
  };
}

function report(deployments: readonly Deployment[]) {
  const endpoints = deployments.map(({ id, provider, modelId }) => ({
    model_id: id,
    provider: provider.adapter.id,
    model: `${provider.adapter.id}/${modelId}`,
  }));
  return {
    healthy_endpoints: endpoints,
    unhealthy_endpoints: [],
    healthy_count: endpoints.length,
    unhealthy_count: 0,
  };
}

function send({ responder, headers, log }: EndpointCall, status: number, body: unknown): void {
  log.status = status;
  responder.send(status, { ...headers, "content-type": "application/json" }, JSON.stringify(body));
}
