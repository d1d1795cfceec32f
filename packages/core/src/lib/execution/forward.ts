import type { ConfiguredProvider } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { Exchange } from "../transport/exchange.ts";
import { TransportError } from "../transport/transport.ts";
import type { Transport } from "../transport/transport.ts";
import { credentialHeader } from "./prepare-attempt.ts";
import { redactSecret } from "./redact-secret.ts";
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
  request.signal?.throwIfAborted();
  const exchange = Exchange.start(transport, {
    origin,
    path,
    method: request.method,
    headers: { ...request.headers, ...credentialHeader(provider) },
    ...(request.body !== undefined && { body: request.body }),
    headersTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  });
  const cancel = () => exchange.fail(cancelled());
  request.signal?.addEventListener("abort", cancel, { once: true });
  try {
    const { status, headers } = await exchange.head;
    return { status, headers, body: readAll(exchange, request.signal, cancel), cancel };
  } catch (thrown) {
    request.signal?.removeEventListener("abort", cancel);
    throw describe(thrown, provider);
  }
}

async function* readAll(exchange: Exchange, signal: AbortSignal | undefined, cancel: () => void) {
  let isOver = false;
  try {
    yield* exchange;
    isOver = true;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if (!isOver) cancel();
  }
}

function cancelled(): ProviderError {
  return new ProviderError({ code: "cancelled", message: "The caller went away.", origin: "caller" });
}

function describe(thrown: unknown, provider: ConfiguredProvider): unknown {
  if (!(thrown instanceof TransportError)) return thrown;
  const { id } = provider.adapter;
  return new ProviderError({
    code: thrown.failure === "not_sent" ? "connection_failed" : "upstream_error",
    message: redactSecret(`${id} ${thrown.message}.`, provider.apiKey),
    origin: "upstream",
    failure: thrown.failure,
    providerId: id,
    cause: thrown,
  });
}
