import { errorCodes, errorTable, ProviderError } from "@perilune/core";
import type { AttemptRecord, Deployment, ErrorCode } from "@perilune/core";
import { describe, expect, it } from "vitest";
import { LastOutcomes } from "./last-outcomes.ts";

// Nothing but the id of a deployment is looked at.
const deployments = [{ id: "a" }] as unknown as Deployment[];

const record = (code?: ErrorCode, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
  number: 1,
  credentialOwner: "operator",
  deploymentId: "a",
  providerId: "moonshot",
  modelId: "kimi-k3",
  startedAtMs: 0,
  durationMs: 1,
  outcome: code === undefined ? "complete" : "errored",
  adjustments: [],
  ...(code !== undefined && { error: new ProviderError({ code, message: "No.", origin: "upstream" }) }),
  ...more,
});

function after(...records: AttemptRecord[]) {
  const outcomes = new LastOutcomes(deployments);
  for (const each of records) outcomes.note(each);
  return outcomes.of("a").status;
}

describe("the last outcome of a deployment", () => {
  it("is unknown before anybody asked it", () => {
    expect(after()).toBe("unknown");
  });

  it("is healthy after an answer, also after a failure", () => {
    expect(after(record("upstream_error"), record())).toBe("healthy");
  });

  it.each(errorCodes)("after %s is what the error table says", (code) => {
    const isUnhealthy = ["yes", "credential_out"].includes(errorTable[code].hurtsHealth);
    expect(after(record(code, { upstreamStatus: 400 }))).toBe(isUnhealthy ? "unhealthy" : "healthy");
  });

  it("stays what it was when a caller left before the answer", () => {
    expect(after(record("upstream_error"), record("cancelled"))).toBe("unhealthy");
    expect(after(record("cancelled"))).toBe("unknown");
  });

  it("is kept for configured deployments only, whatever callers name", () => {
    const outcomes = new LastOutcomes(deployments);
    outcomes.note(record(undefined, { deploymentId: "own:moonshot/x" }));
    expect(outcomes.of("own:moonshot/x").status).toBe("unknown");
  });
});
