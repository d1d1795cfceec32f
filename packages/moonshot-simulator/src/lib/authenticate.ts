import type { IncomingHttpHeaders } from "node:http";
import { incorrectApiKey, invalidAuthentication, type ApiProblem } from "./errors.ts";

/** The key a request came with, or the 401 it earns. */
export function authenticate(
  headers: IncomingHttpHeaders,
  apiKeys: readonly string[] | undefined,
): { readonly apiKey: string } | { readonly problem: ApiProblem } {
  const apiKey = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (apiKey === undefined) return { problem: invalidAuthentication };
  return apiKeys === undefined || apiKeys.includes(apiKey) ? { apiKey } : { problem: incorrectApiKey };
}
