import type { ShapedConfig } from "./check-shape.ts";
import type { ReadingContext } from "./reading-context.ts";

/** Keys that stand in tutorials, and so in every list of keys to try. */
const wellKnownKeys: ReadonlySet<string> = new Set([
  "sk-1234",
  "sk-12345",
  "sk-123456",
  "sk-12345678",
  "sk-1234567890",
  "sk-1234567890abcdef",
  "sk-litellm-master-key",
  "your-master-key",
  "your-proxy-api-key",
]);

/** Fine for a try on one's own machine, and an open door on a network. */
export function isWeakMasterKey(key: string): boolean {
  return key.length < 16 || wellKnownKeys.has(key.toLowerCase());
}

/** Where a master key comes from when the file has none; the second is LiteLLM's. */
const masterKeyVariables = ["PERILUNE_MASTER_KEY", "LITELLM_MASTER_KEY"];

/** The master key from the file or the environment; a weak one is a warning, for the server to weigh. */
export function readMasterKey(
  settings: ShapedConfig["generalSettings"],
  { environment, log }: ReadingContext,
): string | undefined {
  const path = ["general_settings", "master_key"];
  const variable = masterKeyVariables.find((name) => (environment[name] ?? "") !== "");
  const key = settings.master_key ?? (variable === undefined ? undefined : environment[variable]);
  if (key === undefined) return undefined;
  if (!/^[\u0021-\u007e]+$/u.test(key)) {
    log.error(path, {
      message: `the environment variable ${variable} holds spaces, line breaks or foreign letters`,
    });
    return undefined;
  }
  if (isWeakMasterKey(key) && settings.dangerously_permit_weak_or_unset_master_key !== true) {
    const source = settings.master_key === undefined ? `the environment variable ${variable}` : "this key";
    log.warning(path, {
      message: `${source} is well known or shorter than 16 characters; choose a long random one`,
    });
  }
  return key;
}
