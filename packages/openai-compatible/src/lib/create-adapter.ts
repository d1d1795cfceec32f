import {
  contractVersion,
  type ChatOperation,
  type ConnectionFacts,
  type ModelProfile,
  type PassThroughOperation,
  type ProviderAdapter,
} from "@perilune/core/provider";
import { z } from "zod";
import { startDecoder } from "./decode/decode-chunk.ts";
import { decodeResponse } from "./decode/decode-response.ts";
import { encodeRequest } from "./encode/encode-request.ts";
import type { RequestRule } from "./encode/request-rule.ts";
import { createErrorMapper, type ErrorDialect } from "./error/map-error.ts";

/** A provider that speaks chat completions, as its differences from the base. */
export interface OpenAiCompatibleDefinition {
  readonly id: string;
  readonly connection: ConnectionFacts;
  /** What a deployment may configure; nothing by default. */
  readonly settings?: ProviderAdapter["settings"];
  /** Ids that are this provider's own even without its prefix, such as `kimi-*`; none by default. */
  readonly modelIdPatterns?: readonly string[];
  readonly models: readonly ModelProfile[];
  readonly profileOf: (modelId: string) => ModelProfile;
  /** Below the base URL; `/chat/completions` by default. */
  readonly chatPath?: string;
  /** Applied in order to every request. */
  readonly encodeRules?: readonly RequestRule[];
  readonly errors?: ErrorDialect;
  readonly passThrough?: readonly PassThroughOperation[];
}

/** Builds the adapter: requests go through the rules, answers are repaired and checked, errors classified. */
export function createOpenAiCompatibleAdapter(definition: OpenAiCompatibleDefinition): ProviderAdapter {
  const { id, connection, models, profileOf, passThrough } = definition;
  return {
    id,
    contractVersion,
    connection,
    settings: definition.settings ?? z.strictObject({}),
    modelIdPatterns: definition.modelIdPatterns ?? [],
    models,
    profileOf,
    chat: chatOperation(definition),
    ...(passThrough && { passThrough }),
  };
}

function chatOperation(definition: OpenAiCompatibleDefinition): ChatOperation {
  const { id, chatPath = "/chat/completions", encodeRules = [] } = definition;
  const errors = createErrorMapper(id, definition.errors ?? {});
  return {
    encodeRequest: (request, target) => encodeRequest(chatPath, encodeRules, request, target),
    decodeResponse: (body, target) => decodeResponse(body, target, errors),
    startDecoder: (target) => startDecoder(target, errors),
    decodeError: (failure, target) => errors.fromFailure(failure, target),
  };
}
