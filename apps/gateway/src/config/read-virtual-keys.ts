import type { ShapedConfig } from "./check-shape.ts";
import type { Path } from "./config-problem.ts";
import type { VirtualKeyConfig } from "./gateway-config.ts";
import { findProvider } from "./provider-knowledge.ts";
import { readCredentials } from "./read-credentials.ts";
import { readProviderSettings } from "./read-provider-settings.ts";
import type { ReadingContext } from "./reading-context.ts";
import { withoutUndefined } from "./without-undefined.ts";

type Entries = ShapedConfig["virtualKeys"];

/** Provider keys under names: the names are case-insensitive for clients, and lower-case here. */
export function readVirtualKeys(entries: Entries, context: ReadingContext): VirtualKeyConfig[] {
  const slugs = new Set(entries.map(({ slug }) => slug));
  return entries.flatMap(({ slug, path, input }) => {
    checkSlug(slug, slugs, path, context);
    const found = findProvider(input.provider, context.providers);
    if ("complaint" in found) {
      context.log.error([...path, "provider"], found.complaint);
      return [];
    }
    const credentials = readCredentials(input, found.provider, path, context);
    const settings = readProviderSettings(input.provider_settings, found.provider, path, context);
    if (credentials === undefined) return [];
    return [withoutUndefined({ slug, providerId: found.provider.id, ...credentials, settings })];
  });
}

function checkSlug(slug: string, slugs: ReadonlySet<string>, path: Path, { log }: ReadingContext): void {
  if (/^[a-z0-9_-]+$/u.test(slug)) return;
  const expected = "a name of lower-case letters, digits, - and _";
  const lower = slug.toLowerCase();
  if (slugs.has(lower)) {
    log.errorAtKey(path, {
      message: `expected ${expected}; in lower case it is the same as another name here`,
      expected,
    });
    return;
  }
  const suggestion = lower.replaceAll(/[^a-z0-9_-]+/gu, "-").replaceAll(/^-+|-+$/gu, "");
  log.errorAtKey(path, {
    message: `expected ${expected}`,
    expected,
    ...(suggestion === "" ? {} : { suggestion }),
  });
}
