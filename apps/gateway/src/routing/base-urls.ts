import type { ProviderAdapter } from "@perilune/core";

/** Where a provider is reached when a deployment does not say: its variable, else its official address. */
export function baseUrls(
  environment: Readonly<Record<string, string | undefined>>,
): (adapter: ProviderAdapter) => string {
  return ({ connection }) => environment[connection.baseUrlVariable] || connection.defaultBaseUrl;
}
