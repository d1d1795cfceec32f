import type { DispatchOptions } from "@perilune/core";
import type { InboundRequest } from "../server/inbound-request.ts";

/** What conditions of a route see of a request beside its body. */
export function requestFacts(inbound: InboundRequest): NonNullable<DispatchOptions["facts"]> {
  return {
    metadata: readMetadata(inbound.header("x-portkey-metadata")),
    headers: inbound.headers,
    url: { pathname: inbound.path },
  };
}

/**
 * Portkey's own documentation shows `{'_user':'x'}` in a curl command, so clients send it: single quotes count
 * as double ones when the text is not JSON as it stands. What cannot be read at all is no metadata.
 */
function readMetadata(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  for (const candidate of [text, text.replaceAll("'", '"')]) {
    try {
      const value: unknown = JSON.parse(candidate);
      // An object's keys are strings; nothing more is assumed.
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        return value as Record<string, unknown>;
    } catch {
      // The next spelling, or none.
    }
  }
  return {};
}
