import {
  bindTargets,
  compilePortkeyConfig,
  groupOf,
  mapLeaves,
  noRetry,
  ProviderError,
} from "@perilune/core";
import type {
  Adjustment,
  Deployment,
  ResolvedTarget,
  RouteNode,
  RouteProblem,
  RouteTable,
  SingleNode,
  TargetSpec,
} from "@perilune/core";
import type { Access, Caller } from "../request/authenticate.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import { callersKeyCandidates } from "./caller-candidates.ts";

export interface ConfigRouteMeans {
  readonly access: Access;
  readonly routes: RouteTable;
  /** Whose request it is: a target that names no key gets the caller's own. */
  readonly caller: Caller;
  readonly inbound: InboundRequest;
  /** The model of the request. */
  readonly model: string;
}

export interface ConfigRoute {
  readonly route: RouteNode;
  /** What the config asks for and this gateway does not do. */
  readonly adjustments: readonly Adjustment[];
}

/**
 * The route in `x-portkey-config`, compact JSON. Nothing of it is used when any of it is wrong. Throws
 * ProviderError `invalid_request` with the JSON path of the mistake.
 */
export function configRoute(text: string, means: ConfigRouteMeans): ConfigRoute {
  const compiled = compilePortkeyConfig(parse(text));
  if (!compiled.ok) throw refused(compiled.problems);
  const bound = bindTargets(compiled.value.tree, (target) => resolve(target, means));
  if (!bound.ok) throw refused(bound.problems);
  return {
    route: mapLeaves<SingleNode, SingleNode>(bound.value, withoutSharedHarm),
    adjustments: compiled.value.ignored.map(({ path, reason }) => ({
      parameter: path,
      action: "removed",
      reason,
      effect: "meaning",
    })),
  };
}

/**
 * A caller's config decides about the caller's requests. When others may ask a deployment again, and whether the
 * caller was too impatient for it, is not for the config to say.
 */
function withoutSharedHarm(node: SingleNode): SingleNode {
  if (node.deployment.credentialOwner === "caller") return node;
  const { breaker: _breaker, deployment, ...rest } = node;
  return { ...rest, deployment: { ...deployment, hasCallersTimeout: true } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderError({
      code: "invalid_request",
      message: "x-portkey-config: expected a config as JSON; this gateway keeps no saved ones.",
      origin: "caller",
      failure: "not_sent",
      parameter: "x-portkey-config",
    });
  }
}

function refused(problems: readonly RouteProblem[]): ProviderError {
  const [first, ...others] = problems;
  const hint = first?.suggestion === undefined ? "" : ` Did you mean ${first.suggestion}?`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new ProviderError({
    code: "invalid_request",
    message: `${first?.path}: ${first?.message}.${hint}${more}`,
    origin: "caller",
    failure: "not_sent",
    ...(first !== undefined && { parameter: first.path }),
  });
}

/** What a target of a config stands for, for this caller and this model. */
function resolve(target: TargetSpec, means: ConfigRouteMeans): ResolvedTarget {
  const { model = means.model } = target;
  const slug = slugOf(target);
  if (slug !== undefined) return virtualKey(slug, withoutSlug(model), target, means);
  const { provider, apiKey } = target;
  if (provider === undefined && apiKey !== undefined) {
    return { key: "api_key", message: "needs the provider it is for beside it" };
  }
  if (provider === undefined) return fromRequest(model, target, means);
  const adapter = means.access.adapters.get(provider);
  if (adapter === undefined) {
    const installed = [...means.access.adapters.keys()].join(", ");
    return {
      key: "provider",
      message: `unknown provider ${JSON.stringify(provider)}; installed: ${installed}`,
    };
  }
  if (apiKey === undefined) return ofProvider(provider, model, target, means);
  const configured = {
    adapter,
    apiKey,
    baseUrl: means.access.baseUrlOf(adapter),
    settings: adapter.settings.parse({}),
  };
  return single(
    { kind: "provider", provider: configured, owner: "caller", label: `own:${provider}` },
    model,
    target,
    means,
  );
}

function slugOf({ provider, virtualKey: slug, model }: TargetSpec): string | undefined {
  if (provider?.startsWith("@")) return provider.slice(1);
  return slug ?? /^@(?!cf\/|hf\/)([^/]+)\//.exec(model ?? "")?.[1];
}

function withoutSlug(model: string): string {
  return model.replace(/^@(?!cf\/|hf\/)[^/]+\//, "");
}

function virtualKey(
  slug: string,
  model: string,
  target: TargetSpec,
  means: ConfigRouteMeans,
): ResolvedTarget {
  const provider = means.access.virtualKeys.get(slug);
  if (provider === undefined) return { message: `there is no virtual key ${JSON.stringify(slug)}` };
  return single({ kind: "provider", provider, owner: "operator", label: `@${slug}` }, model, target, means);
}

/** A provider without a key: the caller's own if it is for this provider, else the configured deployments. */
function ofProvider(
  provider: string,
  model: string,
  target: TargetSpec,
  means: ConfigRouteMeans,
): ResolvedTarget {
  const { caller, routes } = means;
  if (caller.kind === "provider" && caller.provider.adapter.id === provider) {
    return single(caller, model, target, means);
  }
  const candidates = configuredFor(provider, model, routes).map((each) => withHeaders(each, target, means));
  const node = groupOf(candidates, "config", noRetry);
  return node === undefined
    ? { message: `no key for ${provider} is configured for this model, and none came with the request` }
    : { node };
}

/** Empty instead of an error: a config's mistakes are told in the config's words. */
function configuredFor(provider: string, model: string, routes: RouteTable): readonly Deployment[] {
  const names = [model, `${provider}/${model}`];
  const found = names.map((name) =>
    routes.candidates(name).filter((candidate) => candidate.provider.adapter.id === provider),
  );
  return found.find((candidates) => candidates.length > 0) ?? [];
}

/** A target that names nothing: what the request itself would have got. */
function fromRequest(model: string, target: TargetSpec, means: ConfigRouteMeans): ResolvedTarget {
  const { caller, routes } = means;
  if (caller.kind === "provider") return single(caller, model, target, means);
  if (caller.providerId !== undefined) return ofProvider(caller.providerId, model, target, means);
  const node = routes.routeOf(model);
  return node === undefined
    ? { message: `the model ${JSON.stringify(model)} is not configured here` }
    : { node };
}

function single(
  caller: Extract<Caller, { kind: "provider" }>,
  model: string,
  target: TargetSpec,
  means: ConfigRouteMeans,
): ResolvedTarget {
  const [deployment] = callersKeyCandidates(caller, model);
  if (deployment === undefined) return { message: "no target" };
  return { deployment: withHeaders(deployment, target, means) };
}

/** The caller's headers that the config sends on. */
function withHeaders(
  deployment: Deployment,
  { forwardHeaders }: TargetSpec,
  { inbound }: ConfigRouteMeans,
): Deployment {
  const forwarded = forwardHeaders.flatMap((name) => {
    const value = inbound.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  if (forwarded.length === 0) return deployment;
  return { ...deployment, extraHeaders: { ...deployment.extraHeaders, ...Object.fromEntries(forwarded) } };
}
