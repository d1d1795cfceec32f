import { createHash } from "node:crypto";
import type { Deployment } from "./deployment.ts";

/**
 * What the health and the speed of a target are remembered under. One deployment can serve many models, of which
 * one may be down; and callers' own keys must not put each other out.
 */
export function targetKey({ id, modelId, servesManyModels, credentialOwner, provider }: Deployment): string {
  const name = servesManyModels === true ? `${id}:${modelId}` : id;
  if (credentialOwner === "operator") return name;
  const digest = createHash("sha256")
    .update(provider.apiKey ?? "")
    .digest("hex");
  return `${name}#${digest.slice(0, 12)}`;
}
