import type { InboundRequest } from "../server/inbound-request.ts";

/** Values the Portkey SDKs send when the application gave no key (portkey_ai 2.3.1, portkey-ai 3.1.0). */
const placeholders = new Set(["", "OPENAI_API_KEY", "DUMMY-KEY"]);

/** The keys a request presents, by the header they came in; placeholders count as absent. */
export interface PresentedKeys {
  /** `authorization`, with or without `Bearer`. */
  readonly authorization: string | undefined;
  /** The header meant for this gateway alone. */
  readonly portkey: string | undefined;
  /** Whichever of the other key headers is there, in the order in which LiteLLM looks. */
  readonly other: string | undefined;
}

export function presentedKeys(request: InboundRequest): PresentedKeys {
  const from = (name: string) => presentedKey(request.header(name));
  return {
    authorization: from("authorization"),
    portkey: from("x-portkey-api-key"),
    other: from("x-litellm-api-key") ?? from("x-api-key") ?? from("api-key"),
  };
}

function presentedKey(header: string | undefined): string | undefined {
  const key = (header ?? "").replace(/^bearer(\s+|$)/i, "").trim();
  return placeholders.has(key) ? undefined : key;
}
