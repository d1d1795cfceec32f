import type { Deployment } from "@perilune/core";
import type { LastOutcomes } from "../routing/last-outcomes.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";

export interface HealthMeans {
  readonly deployments: readonly Deployment[];
  readonly lastOutcomes: LastOutcomes;
  isDraining(): boolean;
}

/**
 * Health as LiteLLM's clients ask for it. `/health` tells what the last call of each deployment showed
 * and calls none: a health check that costs tokens is not one. LiteLLM knows two lists only, so a deployment
 * nobody asked yet stands in the first one, with the status `unknown`.
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
      ...publicEndpoint("health", "/health", (call) => send(call, 200, report(means))),
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

function report({ deployments, lastOutcomes }: HealthMeans) {
  const endpoints = deployments.map(({ id, provider, modelId }) => {
    const outcome = lastOutcomes.of(id);
    return {
      model_id: id,
      provider: provider.adapter.id,
      model: `${provider.adapter.id}/${modelId}`,
      status: outcome.status,
      ...(outcome.status === "unhealthy" && { error: outcome.errorCode }),
    };
  });
  const unhealthy = endpoints.filter(({ status }) => status === "unhealthy");
  const others = endpoints.filter(({ status }) => status !== "unhealthy");
  return {
    healthy_endpoints: others,
    unhealthy_endpoints: unhealthy,
    healthy_count: others.length,
    unhealthy_count: unhealthy.length,
  };
}

function send({ responder, headers, log }: EndpointCall, status: number, body: unknown): void {
  log.status = status;
  responder.send(status, { ...headers, "content-type": "application/json" }, JSON.stringify(body));
}
