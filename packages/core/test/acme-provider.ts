import { z } from "zod";
import { chatChunkSchema, chatResponseSchema, ProviderError } from "../src/provider.ts";
import type {
  Adjustment,
  ChatRequest,
  ChunkDecoder,
  ConfiguredProvider,
  DecodedEvent,
  ModelProfile,
  ProviderAdapter,
  ServerSentEvent,
  Usage,
} from "../src/provider.ts";

export const acmeKey = "sk-acme-very-secret-0123456789";

/** A provider of the OpenAI kind, as small as an adapter can be while its streams tell the truth. */
export const acmeAdapter: ProviderAdapter = {
  id: "acme",
  contractVersion: 1,
  connection: {
    defaultBaseUrl: "https://api.acme.test/v1",
    apiKeyVariable: "ACME_API_KEY",
    baseUrlVariable: "ACME_BASE_URL",
    authentication: { header: "Authorization", prefix: "Bearer " },
  },
  settings: z.strictObject({}),
  modelIdPatterns: ["acme-*"],
  models: ["acme-1", "acme-2", "acme-large"].map(profileOf),
  profileOf,
  chat: {
    encodeRequest: (request, { modelId }) => ({
      method: "POST",
      path: "/chat/completions",
      headers: { "X-Acme": "1" },
      ...encodeBody(request, modelId),
    }),
    decodeResponse: (body) => {
      const response = chatResponseSchema.parse(parseJson(body));
      return { response, text: body, ...(response.usage && { usage: response.usage }) };
    },
    startDecoder: () => acmeDecoder,
    decodeError: ({ status, body }) =>
      new ProviderError({
        code: errorCodeOf(status),
        message: `acme says: ${body}`,
        origin: "upstream",
        failure: "answered",
        upstreamStatus: status,
      }),
  },
};

export function acme(more: Partial<ConfiguredProvider> = {}): ConfiguredProvider {
  return {
    adapter: acmeAdapter,
    apiKey: acmeKey,
    baseUrl: acmeAdapter.connection.defaultBaseUrl,
    settings: {},
    ...more,
  };
}

/** Keeps nothing between events, so that it is its own successor. */
export const acmeDecoder: ChunkDecoder = { decode };

function decode({ data }: ServerSentEvent): DecodedEvent {
  if (data === "[DONE]") return { next: acmeDecoder, chunks: [], isEnd: true };
  const value = parseJson(data);
  if (typeof value === "object" && value !== null && "error" in value) throw inBandError(value.error);
  const chunk = chatChunkSchema.parse(value);
  // Moonshot reports usage inside the finishing choice.
  const usage = chunk.usage ?? (chunk.choices[0]?.["usage"] as Usage | undefined);
  return { next: acmeDecoder, chunks: [{ chunk, text: data }], ...(usage && { usage }) };
}

function inBandError(error: unknown): ProviderError {
  return new ProviderError({
    code: "overloaded",
    message: `acme says: ${JSON.stringify(error)}`,
    origin: "upstream",
    failure: "answered",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProviderError({
      code: "invalid_response",
      message: "acme sent something that is not JSON.",
      origin: "upstream",
      cause,
    });
  }
}

function encodeBody(request: ChatRequest, modelId: string) {
  if (request["video"] !== undefined) {
    throw new ProviderError({
      code: "unsupported",
      message: "acme takes no video.",
      origin: "caller",
      parameter: "video",
    });
  }
  const body: Record<string, unknown> = { ...request, model: modelId };
  const adjustments: Adjustment[] = [];
  if ((request.temperature ?? 0) > 1) {
    body["temperature"] = 1;
    adjustments.push({
      parameter: "temperature",
      action: "changed",
      from: request.temperature ?? 0,
      to: 1,
      reason: "acme takes 0 to 1.",
      effect: "meaning",
    });
  }
  return { body, adjustments };
}

function errorCodeOf(status: number) {
  if (status === 401) return "authentication" as const;
  if (status === 429) return "rate_limited" as const;
  return "upstream_error" as const;
}

function profileOf(id: string): ModelProfile {
  return {
    id,
    family: "acme",
    lifecycle: { state: "live" },
    contextWindowTokens: 8_192,
    inputModalities: ["text"],
    supportsTools: true,
    supportsJsonSchema: false,
    supportsReasoning: false,
    supportsPrefill: false,
    prices: {},
    provenance: { evidence: "inferred", date: "2026-11-01", source: "a test" },
  };
}
