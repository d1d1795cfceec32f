import type { ModelProfile, RouteTable } from "@perilune/core";
import { ProviderError } from "@perilune/core";
import type { Endpoint, EndpointCall } from "./endpoint.ts";
import type { PassThrough } from "./pass-through.ts";

/** Clients sort by it and nothing more; a constant keeps the answer cacheable. */
const createdAt = 1_677_610_602;

/** `GET /models` and `GET /models/{id}`: what this gateway serves, or a caller's own provider's list. */
export function models(routes: RouteTable, passThrough: PassThrough): Endpoint[] {
  return [
    {
      name: "models.list",
      method: "GET",
      path: "/models",
      access: "key",
      serve: async (call) => {
        if (call.caller.kind === "provider")
          return passThrough(call, { provider: call.caller.provider, path: "/models" });
        const names = visibleNames(call, routes);
        sendJson(call, { object: "list", data: names.map((name) => describe(name, routes)) });
      },
    },
    {
      name: "models.retrieve",
      method: "GET",
      path: "/models/{id+}",
      access: "key",
      serve: (call) => {
        const name = call.parameters["id"] ?? "";
        if (routes.candidates(name).length === 0) throw unknownModel(name);
        sendJson(call, describe(name, routes));
        return Promise.resolve();
      },
    },
  ];
}

function visibleNames({ caller }: EndpointCall, routes: RouteTable): readonly string[] {
  const only = caller.kind === "routes" ? caller.providerId : undefined;
  if (only === undefined) return routes.names();
  return routes.names().filter((name) => routes.candidates(name)[0]?.provider.adapter.id === only);
}

function describe(name: string, routes: RouteTable) {
  const deployment = routes.candidates(name)[0];
  const profile = deployment?.provider.adapter.profileOf(deployment.modelId);
  const owner = deployment?.provider.adapter.id ?? "perilune";
  return {
    id: name,
    object: "model",
    created: createdAt,
    owned_by: owner,
    ...(profile && abilities(profile)),
  };
}

/** In the words of Moonshot's own list (observed in its OpenAPI file of 2026-08-17). */
function abilities(profile: ModelProfile) {
  return {
    context_length: profile.contextWindowTokens,
    supports_image_in: profile.inputModalities.includes("image"),
    supports_video_in: profile.inputModalities.includes("video"),
    supports_reasoning: profile.supportsReasoning,
  };
}

function sendJson({ responder, headers, log }: EndpointCall, body: object): void {
  log.status = 200;
  responder.send(200, { ...headers, "content-type": "application/json" }, JSON.stringify(body));
}

function unknownModel(name: string): ProviderError {
  return new ProviderError({
    code: "model_not_found",
    message: `The model "${name}" is not configured here.`,
    origin: "caller",
    failure: "not_sent",
    parameter: "model",
  });
}
