import type { ConfiguredProvider } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { Exchange } from "../transport/exchange.ts";
import { TransportError } from "../transport/transport.ts";
import type { Transport } from "../transport/transport.ts";
import { cancellation } from "./cancellation.ts";
import { lowerCaseNames } from "./lower-case-names.ts";
import { credentialHeader } from "./prepare-attempt.ts";
import { redactSecret } from "./redact-secret.ts";
import { transportFailure } from "./transport-failure.ts";
import { upstreamUrl } from "./upstream-url.ts";

/** A request for a provider's endpoint, passed on as it is. */
export interface ForwardRequest {
  readonly method: string;
  /** Below the provider's base URL, with its query. */
  readonly path: string;
  /** Only what may leave: the key is added here, never taken from the caller. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface ForwardedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Reading it early or not at all is fine: `cancel` then closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

const defaultTimeoutMs = 120_000;

/** Passes one request to a provider without translation. Throws ProviderError when no answer came. */
export async function forward(
  transport: Transport,
  provider: ConfiguredProvider,
  request: ForwardRequest,
): Promise<ForwardedResponse> {
  const { origin, path } = upstreamUrl(provider.baseUrl, request.path);
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  const { body, signal } = request;
  if (signal?.aborted) throw cancellation(signal);
  const exchange = Exchange.start(transport, {
    origin,
    path,
    method: request.method,
    headers: { ...lowerCaseNames(request.headers), ...credentialHeader(provider) },
    ...(body !== undefined && { body: watched(body, (error) => exchange.fail(error)) }),
    headersTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  });
  const onAbort = () => signal && exchange.fail(cancellation(signal));
  signal?.addEventListener("abort", onAbort, { once: true });
  const stopListening = () => signal?.removeEventListener("abort", onAbort);
  const cancel = () => {
    stopListening();
    exchange.fail(leftUnread());
  };
  try {
    const { status, headers } = await exchange.head;
    return { status, headers, body: readAll(exchange, provider, cancel), cancel };
  } catch (thrown) {
    stopListening();
    throw describe(thrown, provider, { hasBegun: false });
  }
}

/** An upload that breaks on the caller's side is reported as that, not as the provider's failure. */
function watched(
  body: NonNullable<ForwardRequest["body"]>,
  onError: (error: unknown) => void,
): NonNullable<ForwardRequest["body"]> {
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  return (async function* () {
    try {
      yield* body;
    } catch (error) {
      onError(error);
      throw error;
    }
  })();
}

async function* readAll(exchange: Exchange, provider: ConfiguredProvider, cancel: () => void) {
  try {
    yield* exchange;
  } catch (thrown) {
    throw describe(thrown, provider, { hasBegun: true });
  } finally {
    // Without effect on an answer that was read to its end.
    cancel();
  }
}

function leftUnread(): ProviderError {
  return new ProviderError({ code: "cancelled", message: "The caller stopped reading.", origin: "caller" });
}

function describe(
  thrown: unknown,
  provider: ConfiguredProvider,
  { hasBegun }: { hasBegun: boolean },
): unknown {
  if (!(thrown instanceof TransportError)) return thrown;
  const error = transportFailure(thrown, provider.adapter.id, hasBegun);
  return error.with({ message: redactSecret(error.message, provider.apiKey) });
}
