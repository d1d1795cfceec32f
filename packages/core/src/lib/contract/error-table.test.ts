import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorTable } from "./error-table.ts";
import type { ErrorPolicy } from "./error-table.ts";
import { errorCodes } from "./provider-error.ts";
import type { ErrorCode } from "./provider-error.ts";

type Row = [
  ErrorCode,
  number,
  string,
  ErrorPolicy["retrySameTarget"],
  ErrorPolicy["nextTarget"],
  ErrorPolicy["hurtsHealth"],
];

const rows: Row[] = [
  ["invalid_request", 400, "invalid_request_error", "no", "no", "no"],
  ["unsupported", 400, "invalid_request_error", "no", "if_capable", "no"],
  ["context_length_exceeded", 400, "invalid_request_error", "no", "larger_window", "no"],
  ["request_too_large", 413, "invalid_request_error", "no", "yes", "no"],
  ["content_filtered", 400, "content_filter", "no", "if_allowed", "no"],
  ["model_not_found", 404, "invalid_request_error", "no", "yes", "no"],
  ["authentication", 502, "upstream_error", "no", "yes", "credential_out"],
  ["permission_denied", 502, "upstream_error", "no", "yes", "credential_out"],
  ["rate_limited", 429, "rate_limit_error", "after_wait", "yes", "soft"],
  ["quota_exhausted", 429, "insufficient_quota", "no", "yes", "credential_out"],
  ["overloaded", 503, "overloaded_error", "with_backoff", "yes", "yes"],
  ["upstream_error", 502, "upstream_error", "with_backoff", "yes", "yes"],
  ["connection_failed", 502, "upstream_error", "with_backoff", "yes", "yes"],
  ["invalid_response", 502, "upstream_error", "with_backoff", "yes", "yes"],
  ["attempt_timeout", 504, "timeout_error", "no", "yes", "yes"],
  ["stream_interrupted", 502, "upstream_error", "no", "before_commit", "yes"],
  ["deadline_exceeded", 504, "timeout_error", "no", "no", "no"],
  ["cancelled", 499, "request_cancelled", "no", "no", "no"],
  ["internal", 500, "internal_server_error", "no", "no", "no"],
];

describe("the error table", () => {
  it("has a row for every code, and no other", () => {
    expect(Object.keys(errorTable).toSorted()).toEqual([...errorCodes].toSorted());
    expect(rows.map(([code]) => code)).toEqual(errorCodes);
  });

  it.each(rows)(
    "answers %s with %i %s, same target %s, next target %s, health %s",
    (code, status, type, retrySameTarget, nextTarget, hurtsHealth) => {
      expect(errorTable[code]).toEqual({ status, type, retrySameTarget, nextTarget, hurtsHealth });
    },
  );

  it("never answers a fault of ours or of the provider with the provider's own 401 or 403", () => {
    expect(Object.values(errorTable).map(({ status }) => status)).not.toEqual(expect.arrayContaining([401]));
    expect(Object.values(errorTable).map(({ status }) => status)).not.toEqual(expect.arrayContaining([403]));
  });

  it("lets nothing a caller causes hurt a target's health", () => {
    const byCaller: ErrorCode[] = [
      "invalid_request",
      "unsupported",
      "context_length_exceeded",
      "request_too_large",
      "content_filtered",
      "model_not_found",
      "cancelled",
      "deadline_exceeded",
    ];
    expect(byCaller.map((code) => errorTable[code].hurtsHealth)).toEqual(byCaller.map(() => "no"));
  });

  it("is what the README says", () => {
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const told = [...readme.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gmu)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(told).toEqual(rows.map(([code, status]) => [code, status]));
  });
});
