import { ProviderError } from "../contract/provider-error.ts";

export interface UpstreamUrl {
  readonly origin: string;
  readonly path: string;
}

/** What a URL parser would resolve, or drop without a word: dot segments, backslashes, control characters. */
const unstable = /[\\\p{Cc}]|\/(?:\.|%2e){1,2}(?=\/|$)/iu;

/**
 * Base URL + path, with the result checked afterwards: whatever a path contains, the request and the key go
 * to the host the operator configured, and below its path.
 */
export function upstreamUrl(baseUrl: string, path: string): UpstreamUrl {
  const base = parseBaseUrl(baseUrl);
  const [beforeQuery = ""] = path.split("?", 1);
  const url = URL.parse(base.origin + base.pathname.replace(/\/+$/, "") + path);
  const isBelow =
    url !== null &&
    path.startsWith("/") &&
    !unstable.test(beforeQuery) &&
    url.origin === base.origin &&
    url.hash === "";
  if (!isBelow) throw misconfigured(`The path ${JSON.stringify(path)} does not lie below the base URL.`);
  return { origin: url.origin, path: url.pathname + url.search };
}

function parseBaseUrl(baseUrl: string): URL {
  const url = URL.parse(baseUrl);
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (!isPlain) throw misconfigured("The base URL is not a plain http or https URL.");
  return url;
}

function misconfigured(message: string): ProviderError {
  return new ProviderError({ code: "internal", message, origin: "router", failure: "not_sent" });
}
