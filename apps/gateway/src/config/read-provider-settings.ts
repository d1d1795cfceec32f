import type { Path } from "./config-problem.ts";
import type { ProviderKnowledge } from "./provider-knowledge.ts";
import type { ReadingContext } from "./reading-context.ts";
import { pathOf } from "./explain-issue.ts";

/** Reads `provider_settings` with the provider's own schema, in the provider's own words. */
export function readProviderSettings(
  given: unknown,
  provider: ProviderKnowledge,
  path: Path,
  { log }: ReadingContext,
): unknown {
  const settingsPath = [...path, "provider_settings"];
  if (provider.settings === undefined) {
    if (given !== undefined)
      log.errorAtKey(settingsPath, { message: `${provider.id} has no settings of its own` });
    return undefined;
  }
  const result = provider.settings.safeParse(given ?? {});
  for (const issue of result.error?.issues ?? []) {
    log.error([...settingsPath, ...pathOf(issue)], { message: issue.message });
  }
  return result.data;
}
