import { ProviderError } from "../contract/provider-error.ts";

export interface UpstreamUrl {
  readonly origin: string;
  readonly path: string;
}

/**
 * Base URL + path, with the origin checked afterwards: whatever a path contains, the request and the key
 * go to the host the operator configured.
 */
export function upstreamUrl(baseUrl: string, path: string): UpstreamUrl {
  const base = parseBaseUrl(baseUrl);
  const url = URL.parse(base.href.replace(/\/$/, "") + path);
  if (url === null || url.origin !== base.origin || url.username !== "" || url.hash !== "") {
    throw misconfigured(`The path ${JSON.stringify(path)} does not lie below the base URL.`);
  }
  return { origin: url.origin, path: url.pathname + url.search };
}

function parseBaseUrl(baseUrl: string): URL {
  const url = URL.parse(baseUrl);
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.search === "" &&
    url.hash === "";
  if (!isPlain) throw misconfigured("The base URL is not a plain http or https URL.");
  return url;
}

function misconfigured(message: string): ProviderError {
  return new ProviderError({ code: "internal", message, origin: "router", failure: "not_sent" });
}
