/* Everything the author of a provider adapter imports. */
export type { Adjustment } from "./lib/contract/adjustment.ts";
export { chatMessageSchema, chatRequestSchema } from "./lib/contract/chat-request.ts";
export type {
  AssistantMessage,
  ChatMessage,
  ChatRequest,
  ChatRequestInput,
} from "./lib/contract/chat-request.ts";
export { chatChunkSchema, chatResponseSchema } from "./lib/contract/chat-response.ts";
export type { ChatChunk, ChatResponse } from "./lib/contract/chat-response.ts";
export { errorTable } from "./lib/contract/error-table.ts";
export type { ErrorPolicy } from "./lib/contract/error-table.ts";
export type {
  Lifecycle,
  Modality,
  ModelProfile,
  Provenance,
  TokenPrices,
} from "./lib/contract/model-profile.ts";
export { mayLoseDigits, parseJsonExactly, toPlainNumber } from "./lib/contract/parse-json.ts";
export { contractVersion } from "./lib/contract/provider-adapter.ts";
export type {
  ChatOperation,
  ChatTarget,
  ChunkDecoder,
  ConfiguredProvider,
  ConnectionFacts,
  DecodedChunk,
  DecodedEvent,
  DecodedResponse,
  EncodedRequest,
  PassThroughOperation,
  ProviderAdapter,
  ServerSentEvent,
  UpstreamFailure,
} from "./lib/contract/provider-adapter.ts";
export { errorCodes, ProviderError } from "./lib/contract/provider-error.ts";
export type {
  ErrorCode,
  ErrorOrigin,
  FailureClass,
  ProviderErrorFacts,
} from "./lib/contract/provider-error.ts";
export { nearestNames } from "./lib/routing/nearest-names.ts";
export { usageSchema } from "./lib/contract/usage.ts";
export type { Usage } from "./lib/contract/usage.ts";
