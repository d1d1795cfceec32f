import { createHash } from "node:crypto";
import type { ConfiguredProvider } from "../contract/provider-adapter.ts";
import type { Deployment } from "./deployment.ts";

const known = new WeakMap<ConfiguredProvider, string>();

/**
 * A name for the credential behind a deployment: the same for the same key at the same address, and no way back
 * to the key. Undefined for a caller's own key, whose troubles concern nobody else.
 */
export function credentialIdOf({ provider, credentialOwner }: Deployment): string | undefined {
  if (credentialOwner === "caller") return undefined;
  const name = known.get(provider);
  if (name !== undefined) return name;
  const made = nameOf(provider);
  known.set(provider, made);
  return made;
}

function nameOf({ adapter, baseUrl, apiKey = "" }: ConfiguredProvider): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([baseUrl, apiKey]))
    .digest("hex");
  return `${adapter.id}:${digest.slice(0, 12)}`;
}
