import type { Path } from "./config-problem.ts";
import { baseUrlComplaint } from "./field-schemas.ts";
import type { ProviderKnowledge } from "./provider-knowledge.ts";
import type { ReadingContext } from "./reading-context.ts";

export interface Credentials {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
}

interface Given {
  readonly api_key?: string | undefined;
  readonly api_base?: string | undefined;
  readonly base_url?: string | undefined;
}

/** Key and address of a deployment: what it says itself, otherwise what the provider's variables say. */
export function readCredentials(
  given: Given,
  provider: ProviderKnowledge,
  path: Path,
  context: ReadingContext,
): Credentials | undefined {
  const apiKey = given.api_key ?? keyFromEnvironment(provider, path, context);
  const baseUrl = readBaseUrl(given, path, context) ?? baseUrlFromEnvironment(provider, path, context);
  return apiKey === undefined ? undefined : { apiKey, baseUrl: baseUrl && withoutTrailingSlash(baseUrl) };
}

function keyFromEnvironment(
  { apiKeyVariable }: ProviderKnowledge,
  path: Path,
  { environment, log }: ReadingContext,
): string | undefined {
  const value = environment[apiKeyVariable];
  if (value !== undefined && /^[\u0021-\u007e]+$/u.test(value)) return value;
  const reason =
    value === undefined
      ? "is not set"
      : value === ""
        ? "is empty"
        : "holds spaces, line breaks or foreign letters";
  const message = `missing, and the environment variable ${apiKeyVariable} ${reason}; one of the two is needed`;
  log.error([...path, "api_key"], { message, expected: `an API key or ${apiKeyVariable}` });
  return undefined;
}

function readBaseUrl(given: Given, path: Path, { log }: ReadingContext): string | undefined {
  const { api_base: apiBase, base_url: baseUrl } = given;
  if (apiBase !== undefined && baseUrl !== undefined && apiBase !== baseUrl) {
    log.errorAtKey([...path, "base_url"], {
      message: "differs from api_base, which means the same; keep one of them",
    });
  }
  return apiBase ?? baseUrl;
}

function baseUrlFromEnvironment(
  { baseUrlVariable }: ProviderKnowledge,
  path: Path,
  { environment, log }: ReadingContext,
): string | undefined {
  const value = environment[baseUrlVariable];
  if (value === undefined || value === "") return undefined;
  const expected = baseUrlComplaint(value);
  if (expected === undefined) return value;
  const message = `not set here, and the environment variable ${baseUrlVariable} is not ${expected}`;
  log.error([...path, "api_base"], { message, expected });
  return undefined;
}

function withoutTrailingSlash(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
