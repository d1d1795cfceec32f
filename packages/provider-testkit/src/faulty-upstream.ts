export { startFaultyUpstream } from "./lib/start-faulty-upstream.ts";
export type { FaultyUpstream, FaultyUpstreamOptions, UpstreamState } from "./lib/start-faulty-upstream.ts";
export { refusedUrl } from "./lib/refused-url.ts";
export { flapping } from "./lib/behaviour.ts";
export type { Behaviour, Flapping, FlappingBy } from "./lib/behaviour.ts";
export type { LedgerEntry, Outcome, ReceivedRequest } from "./lib/ledger.ts";
export type { Answer, HeaderFields, Position } from "./lib/answer.ts";
export type { Clock } from "./lib/clock.ts";
export { event, giantEvent, html, json, raw, redirect, silence, status, stream } from "./lib/answers.ts";
export type { BodyInput, HeadersInput } from "./lib/answers.ts";
export { filler } from "./lib/filler.ts";
export type { Filler } from "./lib/filler.ts";
export {
  chatChunks,
  chatCompletion,
  chatError,
  contentFiltered,
  contextOverflow,
  errorEvent,
  rateLimited,
} from "./lib/chat-answers.ts";
export type { ChatChunksOptions, ChatOptions, ChatUsage, ErrorFields } from "./lib/chat-answers.ts";
export {
  addHeader,
  asHttp10,
  breakChunk,
  chunked,
  claimLength,
  closeAfter,
  closeDelimited,
  continueFirst,
  cutAt,
  drip,
  early,
  encoded,
  faulty,
  insertEvent,
  resetAfter,
  resetAt,
  splitEvery,
  splitRandomly,
  stallAt,
} from "./lib/faults.ts";
export type { Fault } from "./lib/faults.ts";
