import type { ConfiguredProvider, ProviderAdapter } from "@perilune/core";
import type { GatewayConfig, VirtualKeyConfig } from "../config/gateway-config.ts";
import { digestKey } from "./authenticate.ts";
import type { Access } from "./authenticate.ts";

/** The configuration's keys as what `authenticate` decides by. */
export function createAccess(
  config: GatewayConfig,
  installed: readonly ProviderAdapter[],
  baseUrlOf: (adapter: ProviderAdapter) => string,
): Access {
  const adapters = new Map(installed.map((adapter) => [adapter.id, adapter]));
  const virtualKeys = config.virtualKeys.flatMap((key): [string, ConfiguredProvider][] => {
    const adapter = adapters.get(key.providerId);
    return adapter === undefined ? [] : [[key.slug, configure(adapter, key, baseUrlOf)]];
  });
  return {
    masterKeyDigest: config.masterKey === undefined ? undefined : digestKey(config.masterKey),
    virtualKeys: new Map(virtualKeys),
    adapters,
    baseUrlOf,
  };
}

function configure(
  adapter: ProviderAdapter,
  { apiKey, baseUrl, settings }: VirtualKeyConfig,
  baseUrlOf: (adapter: ProviderAdapter) => string,
): ConfiguredProvider {
  return {
    adapter,
    apiKey,
    baseUrl: baseUrl ?? baseUrlOf(adapter),
    settings: adapter.settings.parse(settings ?? {}),
  };
}
