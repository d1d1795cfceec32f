import type { ConfiguredProvider } from "@perilune/core/provider";
import { moonshotAdapter } from "./adapter.ts";
import { moonshotBaseUrls, moonshotConnection } from "./connection.ts";

export interface MoonshotSettings {
  /** May be undefined, as environment variables are; the first call then fails with code `authentication`. */
  readonly apiKey?: string | undefined;
  /** `ai` (international, the default), `cn` (China), or the URL of a proxy. Keys of one host fail on the other. */
  readonly baseUrl?: "ai" | "cn" | (string & {}) | undefined;
}

/** Moonshot AI with a key. Throws TypeError when `baseUrl` is neither a known name nor an http(s) URL. */
export function moonshot(settings: MoonshotSettings = {}): ConfiguredProvider {
  return {
    adapter: moonshotAdapter,
    apiKey: settings.apiKey || undefined,
    baseUrl: settings.baseUrl ? resolveBaseUrl(settings.baseUrl) : moonshotConnection.defaultBaseUrl,
    settings: {},
  };
}

function resolveBaseUrl(baseUrl: string): string {
  const url = Object.hasOwn(moonshotBaseUrls, baseUrl) ? moonshotBaseUrls[baseUrl] : baseUrl;
  if (url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    const names = Object.keys(moonshotBaseUrls).join(", ");
    throw new TypeError(`moonshot: baseUrl must be one of ${names} or an http(s) URL, got "${baseUrl}"`);
  }
  return url.replace(/\/+$/, "");
}
