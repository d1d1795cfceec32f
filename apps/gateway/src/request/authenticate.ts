import { createHash, timingSafeEqual } from "node:crypto";
import type { ConfiguredProvider, ProviderAdapter } from "@perilune/core";
import type { InboundRequest } from "../server/inbound-request.ts";
import { RequestRefusal } from "../server/request-refusal.ts";
import { presentedKeys } from "./credentials.ts";
import { isPublicName } from "./public-name.ts";
import type { PresentedKeys } from "./credentials.ts";

/** Who may call, and what the names in their headers stand for. */
export interface Access {
  /** SHA-256 of the master key; undefined leaves the gateway open, on loopback only. */
  readonly masterKeyDigest: Uint8Array | undefined;
  readonly virtualKeys: ReadonlyMap<string, ConfiguredProvider>;
  readonly adapters: ReadonlyMap<string, ProviderAdapter>;
  /** Where a caller's own key is sent: the operator's choice, never the caller's. */
  baseUrlOf(adapter: ProviderAdapter): string;
}

/** What a caller may use. */
export type Caller =
  /** The configured models; `providerId` narrows them to one provider. */
  | { readonly kind: "routes"; readonly providerId?: string }
  /** One provider behind a virtual key or the caller's own key, any model of it. */
  | {
      readonly kind: "provider";
      readonly provider: ConfiguredProvider;
      readonly owner: "operator" | "caller";
      /** `@slug` or `own:provider`: what the log says and ids of deployments begin with, never the key. */
      readonly label: string;
    };

export function digestKey(key: string): Uint8Array {
  return createHash("sha256").update(key).digest();
}

/** Decides who is calling. Throws RequestRefusal 401 for a wrong or missing key, 400 for an unknown name. */
export function authenticate(request: InboundRequest, access: Access): Caller {
  if (access.masterKeyDigest === undefined) refuseStrangersPages(request);
  const keys = presentedKeys(request);
  const named = namedProvider(request);
  requireGatewayKey(keys, named, access);
  if (named === undefined) return { kind: "routes" };
  if (named.kind === "slug") return callerOfSlug(named.slug, access);
  return plainProvider(named.providerId, ownKey(keys, access), access);
}

type Named = { kind: "slug"; slug: string } | { kind: "plain"; providerId: string };

function namedProvider(request: InboundRequest): Named | undefined {
  const provider = request.header("x-portkey-provider")?.trim() ?? "";
  const slug = request.header("x-portkey-virtual-key")?.trim() ?? "";
  if (provider.startsWith("@")) return { kind: "slug", slug: provider.slice(1).split("/")[0] ?? "" };
  if (slug !== "") return { kind: "slug", slug };
  return provider === "" ? undefined : { kind: "plain", providerId: provider.toLowerCase() };
}

/** What protects an open gateway is that only this machine reaches it; its visitors' web pages are not the machine. */
function refuseStrangersPages(request: InboundRequest): void {
  if (!isPublicName(request.header("host") ?? "")) return;
  throw new RequestRefusal(
    401,
    "host_not_local",
    "A gateway without general_settings.master_key answers only under the names of its own machine, such as localhost.",
    "host",
  );
}

/** One key decides, the first that is there: trying several in turn would make guessing cheaper. */
function requireGatewayKey(keys: PresentedKeys, named: Named | undefined, access: Access): void {
  if (access.masterKeyDigest === undefined) return;
  const presented = keys.portkey ?? keys.other ?? keys.authorization;
  if (presented === undefined)
    throw unauthorized("No API key was sent. Send it as Authorization: Bearer <key>.");
  if (timingSafeEqual(digestKey(presented), access.masterKeyDigest)) return;
  const couldBeTheirs =
    named?.kind === "plain" && keys.portkey === undefined && keys.authorization !== undefined;
  throw unauthorized(
    couldBeTheirs
      ? "A provider key of your own needs this gateway's key beside it, in x-portkey-api-key."
      : "The API key is not valid for this gateway.",
  );
}

/** A provider key the caller brought: what is in Authorization and is not the gateway's own key. */
function ownKey(keys: PresentedKeys, access: Access): string | undefined {
  const own = keys.authorization;
  if (own === undefined || own === keys.portkey || own === keys.other) return undefined;
  const isGatewayKey =
    access.masterKeyDigest !== undefined && timingSafeEqual(digestKey(own), access.masterKeyDigest);
  return isGatewayKey ? undefined : own;
}

function plainProvider(providerId: string, apiKey: string | undefined, access: Access): Caller {
  const adapter = access.adapters.get(providerId);
  if (adapter === undefined) {
    throw new RequestRefusal(
      400,
      "unknown_provider",
      `x-portkey-provider names "${providerId}"; installed here: ${[...access.adapters.keys()].join(", ")}.`,
      "x-portkey-provider",
    );
  }
  if (apiKey === undefined) return { kind: "routes", providerId };
  const settings = adapter.settings.parse({});
  const provider = { adapter, apiKey, baseUrl: access.baseUrlOf(adapter), settings };
  return { kind: "provider", provider, owner: "caller", label: `own:${adapter.id}` };
}

/** What a virtual key's slug stands for. Throws RequestRefusal 400 when there is none of that name. */
function callerOfSlug(slug: string, access: Access): Caller {
  const provider = access.virtualKeys.get(slug);
  if (provider === undefined) {
    throw new RequestRefusal(
      400,
      "unknown_virtual_key",
      `Following keys are not valid: ${slug}. Virtual keys are listed under virtual_keys in the configuration.`,
      "x-portkey-virtual-key",
    );
  }
  return { kind: "provider", provider, owner: "operator", label: `@${slug}` };
}

/** The caller of a request whose model names a virtual key; one named in a header wins, as with Portkey. */
export function callerOfModel(caller: Caller, slug: string | undefined, access: Access): Caller {
  const isNamedInHeader = caller.kind === "provider" && caller.owner === "operator";
  return slug === undefined || isNamedInHeader ? caller : callerOfSlug(slug, access);
}

function unauthorized(message: string): RequestRefusal {
  return new RequestRefusal(401, "invalid_api_key", message);
}
