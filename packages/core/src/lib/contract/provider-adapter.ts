import type { z } from "zod";
import type { Adjustment } from "./adjustment.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ChatChunk, ChatResponse } from "./chat-response.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { ProviderError } from "./provider-error.ts";
import type { Usage } from "./usage.ts";

/** Raised when adapters written before it can no longer be loaded. */
export const contractVersion = 1;

/**
 * A provider as a pure translation. An adapter does no I/O, reads no clock and no environment, keeps nothing
 * between calls, and never sees a key: it names paths, the engine owns hosts, sockets, time and credentials.
 */
export interface ProviderAdapter {
  /** Package suffix, settings key and model prefix at once: `moonshot`. */
  readonly id: string;
  readonly contractVersion: typeof contractVersion;
  readonly connection: ConnectionFacts;
  /** What a deployment may configure beyond key and base URL; strict, so that a typo is an error. */
  readonly settings: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Which ids are this provider's own even without its prefix: `kimi-*`. `*` stands for any text. */
  readonly modelIdPatterns: readonly string[];
  /** Every model known by name, live and retired. */
  readonly models: readonly ModelProfile[];
  /** The profile of any id; unknown ids of a known family are inferred, never rejected. */
  profileOf(modelId: string): ModelProfile;
  readonly chat: ChatOperation;
  /** Provider endpoints served as they are, beside chat. */
  readonly passThrough?: readonly PassThroughOperation[];
}

/** How to reach the provider, as data: the engine builds the URL and attaches the key. */
export interface ConnectionFacts {
  readonly defaultBaseUrl: string;
  /** Other official bases by short name, such as `cn`. */
  readonly namedBaseUrls?: Readonly<Record<string, string>>;
  /** Environment variables the engine may read on the adapter's behalf. */
  readonly apiKeyVariable: string;
  readonly baseUrlVariable: string;
  /** The key travels as `<header>: <prefix><key>`. */
  readonly authentication: { readonly header: string; readonly prefix: string };
}

/** Which model a call is for. */
export interface ChatTarget {
  readonly modelId: string;
  readonly profile: ModelProfile;
  /** As parsed by the adapter's own `settings` schema. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ChatOperation {
  /**
   * Canonical request → the provider's. Lists every change it made. Same arguments, same result.
   * Throws ProviderError `unsupported` for what the provider cannot express.
   */
  encodeRequest(request: ChatRequest, target: ChatTarget): EncodedRequest;
  /** A 2xx body → canonical. Throws ProviderError, `invalid_response` when it makes no sense. */
  decodeResponse(body: string, target: ChatTarget): DecodedResponse;
  /** The decoder a stream starts with. */
  startDecoder(target: ChatTarget): ChunkDecoder;
  /** Any answer that is not 2xx → an error with a closed code. Never throws, whatever the body. */
  decodeError(failure: UpstreamFailure, target: ChatTarget): ProviderError;
}

export interface EncodedRequest {
  readonly method: "POST";
  /** Below the base URL, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly adjustments: readonly Adjustment[];
}

export interface DecodedResponse {
  readonly response: ChatResponse;
  readonly usage?: Usage;
  /** The body as it came, when the canonical response says exactly the same. */
  readonly text?: string;
}

/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** The `event:` field; empty when absent. */
  readonly event: string;
  readonly data: string;
}

/** A stream decoder is a value: decoding an event gives the next decoder and leaves this one as it was. */
export interface ChunkDecoder {
  /** Throws ProviderError when the event carries an error or makes no sense. */
  decode(event: ServerSentEvent): DecodedEvent;
}

export interface DecodedEvent {
  readonly next: ChunkDecoder;
  readonly chunks: readonly DecodedChunk[];
  /** The answer's usage as known so far; a later one replaces it. */
  readonly usage?: Usage;
  /** The provider's own end marker was seen. Nothing ends well without it. */
  readonly isEnd?: true;
}

export interface DecodedChunk {
  readonly chunk: ChatChunk;
  /** The event's data as it came, when the canonical chunk says exactly the same: it need not be rebuilt. */
  readonly text?: string;
}

export interface UpstreamFailure {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 256 KiB of the body, decoded as UTF-8. */
  readonly body: string;
}

/** An endpoint forwarded without translation. `{id}` in a path stands for one segment. */
export interface PassThroughOperation {
  readonly name: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** Where the target comes from: the body's `model`, or any credential of this provider. */
  readonly target: "model_in_body" | "provider";
}

/** A provider with its credential and settings: what a factory such as `moonshot({ apiKey })` returns. */
export interface ConfiguredProvider {
  readonly adapter: ProviderAdapter;
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, unknown>>;
}
