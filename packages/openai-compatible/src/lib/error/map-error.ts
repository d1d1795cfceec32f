import {
  errorTable,
  ProviderError,
  type ChatTarget,
  type ErrorCode,
  type ErrorOrigin,
  type UpstreamFailure,
} from "@perilune/core/provider";
import type { JsonObject } from "../json-object.ts";
import { findErrorRule, type ErrorRule } from "./error-rule.ts";
import { genericErrors } from "./generic-errors.ts";
import { readErrorBody, readErrorObject, type ReportedError } from "./read-error-body.ts";
import { readRetryAfterMs } from "./retry-after.ts";

/** How one provider reports errors, beyond what every provider does. */
export interface ErrorDialect {
  /** Asked before the generic table; the first row that fits wins. */
  readonly rules?: readonly ErrorRule[];
  /** The wait in milliseconds, where the provider only writes it in its message. */
  readonly waitMsInWords?: (words: string) => number | undefined;
  /** A sentence on an error that needs the target to be understood, such as a retired model's replacement. */
  readonly explain?: (code: ErrorCode, target: ChatTarget) => string | undefined;
}

/** Turns everything a provider says about a failure into a ProviderError; never throws. */
export interface ErrorMapper {
  /** An answer that is not 2xx. */
  fromFailure(failure: UpstreamFailure, target: ChatTarget): ProviderError;
  /** An error reported inside a 200: a whole body or an event of a stream. */
  fromObject(body: JsonObject, target: ChatTarget): ProviderError;
  /** The same as plain text. */
  fromText(text: string, target: ChatTarget): ProviderError;
  /** An answer that cannot be read as one. */
  invalidResponse(complaint: string, target: ChatTarget): ProviderError;
}

export function createErrorMapper(providerId: string, dialect: ErrorDialect): ErrorMapper {
  const map = (reported: ReportedError, target: ChatTarget, failure?: UpstreamFailure) =>
    mapError(providerId, dialect, reported, target, failure);
  return {
    fromFailure: (failure, target) => map(readErrorBody(failure.body), target, failure),
    fromObject: (body, target) => map(readErrorObject(body), target),
    fromText: (text, target) => map(readErrorBody(text), target),
    invalidResponse: (complaint, target) =>
      new ProviderError({
        code: "invalid_response",
        message: `The provider's answer cannot be used: ${complaint}.`,
        origin: "upstream",
        providerId,
        modelId: target.modelId,
      }),
  };
}

function mapError(
  providerId: string,
  dialect: ErrorDialect,
  reported: ReportedError,
  target: ChatTarget,
  failure: UpstreamFailure | undefined,
): ProviderError {
  const status = failure?.status ?? statusInCode(reported.code);
  const rule = findErrorRule([...(dialect.rules ?? []), ...genericErrors], reported, status);
  const code = rule?.means ?? codeOfStatus(status);
  const retryAfterMs =
    (failure && readRetryAfterMs(failure.headers)) ?? dialect.waitMsInWords?.(reported.words);
  return new ProviderError({
    code,
    message: sentence(reported, failure, rule?.hint, dialect.explain?.(code, target)),
    origin: rule?.origin ?? originOf(code),
    // A gateway that gave up waiting does not know whether the model behind it did.
    failure: code === "attempt_timeout" ? "sent_unknown" : "answered",
    providerId,
    modelId: target.modelId,
    ...(failure && { upstreamStatus: failure.status }),
    ...(reported.type !== undefined && { upstreamType: reported.type }),
    ...(reported.code !== undefined && { upstreamCode: reported.code }),
    ...(reported.parameter !== undefined && { parameter: reported.parameter }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Some providers repeat the HTTP status as `code`, which is all there is of it inside a 200. */
function statusInCode(code: string | undefined): number | undefined {
  return code !== undefined && /^[45]\d\d$/.test(code) ? Number(code) : undefined;
}

function codeOfStatus(status: number | undefined): ErrorCode {
  const isCallers =
    status !== undefined && status >= 400 && status < 500 && ![408, 409, 425, 499].includes(status);
  return isCallers ? "invalid_request" : "upstream_error";
}

/** The error table knows whom a failure speaks against: a credential of ours, the provider, or neither. */
function originOf(code: ErrorCode): ErrorOrigin {
  const { hurtsHealth } = errorTable[code];
  if (hurtsHealth === "credential_out") return "router";
  return hurtsHealth === "no" ? "caller" : "upstream";
}

function sentence(
  reported: ReportedError,
  failure: UpstreamFailure | undefined,
  ...more: readonly (string | undefined)[]
): string {
  const words = reported.words || reported.type || withoutWords(failure);
  const additions = more.filter((text) => text !== undefined);
  if (additions.length === 0) return words;
  return [/[.!?…]$/.test(words) ? words : `${words}.`, ...additions].join(" ");
}

function withoutWords(failure: UpstreamFailure | undefined): string {
  if (failure === undefined) return "The provider reported an error without a message";
  return `The provider answered ${failure.status} without a message`;
}
