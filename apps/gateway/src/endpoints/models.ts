import type { ModelProfile, ProviderAdapter, RouteTable } from "@perilune/core";
import { withoutModel } from "../routing/caller-candidates.ts";
import { unknownModel } from "@perilune/core";
import type { Endpoint, EndpointCall } from "./endpoint.ts";
import type { PassThrough } from "./pass-through.ts";

/** The format demands a time; for a model whose beginning is not known it is the one LiteLLM gives to all. */
const unknownCreation = 1_677_610_602;

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
          return passThrough(call, {
            deployment: withoutModel(call.caller),
            path: "/models",
          });
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
        sendJson(call, find(call, routes));
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

function find(call: EndpointCall, routes: RouteTable) {
  const name = call.parameters["id"] ?? "";
  if (call.caller.kind === "provider") return findAtProvider(name, call.caller.provider.adapter);
  const only = call.caller.providerId;
  const isServed = routes
    .candidates(name)
    .some(({ provider }) => only === undefined || provider.adapter.id === only);
  if (!isServed) throw unknownModel(name, visibleNames(call, routes));
  return describe(name, routes);
}

/** Providers list their models and have no address for one of them; what is known of it answers. */
function findAtProvider(name: string, { id, models }: ProviderAdapter) {
  const profile = models.find((known) => name === known.id || name === `${id}/${known.id}`);
  if (profile === undefined)
    throw unknownModel(
      name,
      models.map((known) => known.id),
    );
  return { id: name, object: "model", created: createdAt(profile), owned_by: id, ...abilities(profile) };
}

function describe(name: string, routes: RouteTable) {
  const deployment = routes.candidates(name)[0];
  const profile = deployment?.provider.adapter.profileOf(deployment.modelId);
  const owner = deployment?.provider.adapter.id ?? "perilune";
  return {
    id: name,
    object: "model",
    created: createdAt(profile),
    owned_by: owner,
    ...(profile && abilities(profile)),
  };
}

/** When the model went live, in seconds. */
function createdAt(profile: ModelProfile | undefined): number {
  const since = profile?.lifecycle.state === "live" ? profile.lifecycle.since : undefined;
  return since === undefined ? unknownCreation : Date.parse(since) / 1000;
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
