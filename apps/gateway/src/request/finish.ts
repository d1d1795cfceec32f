import type { AttemptRecord, Clock } from "@perilune/core";
import type { Logger } from "../logger.ts";
import type { Started } from "./accept.ts";

/** What is told of every attempt, beside the log. Must not throw. */
export type AttemptListener = (record: AttemptRecord) => void;

/** What is learned about a request on its way; written as one line when it is over. */
export class RequestLog {
  readonly attempts: AttemptRecord[] = [];
  readonly #onAttempt: AttemptListener;
  endpoint = "unmatched";
  callerLabel: string | undefined;
  model: string | undefined;
  isStream = false;
  adjustmentCount = 0;
  status: number | undefined;
  errorCode: string | undefined;

  constructor(onAttempt: AttemptListener = () => undefined) {
    this.#onAttempt = onAttempt;
  }

  addAttempt(record: AttemptRecord): void {
    this.attempts.push(record);
    this.#onAttempt(record);
  }
}

export interface FinishFacts {
  readonly requestId: string;
  readonly traceId: string;
  readonly method: string | undefined;
  readonly started: Started;
  /** `cut`: a fault of ours ended an answer that had begun. */
  readonly delivery: "sent" | "client_gone" | "cut";
}

/** One structured line per request. Everything in it is named here: no prompt, no key, no error's cause. */
export function finish(log: RequestLog, facts: FinishFacts, logger: Logger, clock: Clock): void {
  logger.info(
    {
      requestId: facts.requestId,
      traceId: facts.traceId,
      method: facts.method,
      endpoint: log.endpoint,
      status: log.status,
      durationMs: rounded(clock.nowMs() - facts.started.nowMs),
      delivery: facts.delivery,
      caller: log.callerLabel,
      model: log.model,
      stream: log.isStream,
      adjustments: log.adjustmentCount,
      errorCode: log.errorCode,
      attempts: log.attempts.map(loggedAttempt),
    },
    "request",
  );
}

function loggedAttempt(record: AttemptRecord) {
  return {
    number: record.number,
    deployment: record.deploymentId,
    provider: record.providerId,
    model: record.modelId,
    outcome: record.outcome,
    errorCode: record.error?.code,
    upstreamStatus: record.upstreamStatus,
    durationMs: rounded(record.durationMs),
    firstTokenMs: record.firstTokenMs === undefined ? undefined : rounded(record.firstTokenMs),
    usage: record.usage && {
      promptTokens: record.usage.prompt_tokens,
      completionTokens: record.usage.completion_tokens,
      cachedTokens: record.usage.prompt_tokens_details?.cached_tokens,
      cacheWriteTokens: record.usage.prompt_tokens_details?.cache_write_tokens,
      reasoningTokens: record.usage.completion_tokens_details?.reasoning_tokens,
    },
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
