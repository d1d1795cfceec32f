import type { DeploymentConfig, GatewayConfig, VirtualKeyConfig } from "./gateway-config.ts";
import { isSecretKey } from "./printable-value.ts";

const hidden = "[set]";

/** The same configuration as plain data that may be printed: every secret is replaced by "[set]". */
export function redactConfig(config: GatewayConfig): Record<string, unknown> {
  const { masterKey, environmentVariables, deployments, virtualKeys, ...open } = config;
  return {
    ...open,
    masterKey: masterKey === undefined ? "[not set]" : hidden,
    environmentVariables: hideValues(environmentVariables),
    deployments: deployments.map(redactDeployment),
    virtualKeys: virtualKeys.map(redactVirtualKey),
  };
}

function redactDeployment(deployment: DeploymentConfig): Record<string, unknown> {
  return {
    ...redactVirtualKey(deployment),
    extraHeaders: hideValues(deployment.extraHeaders),
    defaults: hideSecrets(deployment.defaults),
  };
}

/** Only the provider knows which of its settings are secret, so none is shown. */
function redactVirtualKey(key: VirtualKeyConfig | DeploymentConfig): Record<string, unknown> {
  const view = { ...key, apiKey: hidden };
  return key.settings === undefined ? view : { ...view, settings: hidden };
}

function hideValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((key) => [key, hidden]));
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    isSecretKey(key) ? hidden : hideSecrets(item),
  ]);
  return Object.fromEntries(entries);
}
