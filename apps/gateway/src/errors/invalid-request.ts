import { ProviderError } from "@perilune/core";

/** A request that is refused before a provider is asked, with the field or header at fault. */
export function invalidRequest(parameter: string, message: string): ProviderError {
  return new ProviderError({
    code: "invalid_request",
    message,
    origin: "caller",
    failure: "not_sent",
    parameter,
  });
}
