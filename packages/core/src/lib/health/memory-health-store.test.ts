import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../test/virtual-clock.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import type { HealthOutcome } from "./health-outcome.ts";
import type { HealthPermit, HealthTarget } from "./health-store.ts";
import { MemoryHealthStore } from "./memory-health-store.ts";

const one: HealthTarget = { deploymentId: "acme/one", credentialId: "team key" };
const two: HealthTarget = { deploymentId: "acme/two", credentialId: "team key" };
const other: HealthTarget = { deploymentId: "other/one", credentialId: "other key" };

const open = () => {
  const clock = new VirtualClock();
  const store = new MemoryHealthStore(clock, () => 0);
  return { clock, store };
};

const admit = (store: MemoryHealthStore, target: HealthTarget): HealthPermit => {
  const admission = store.admit(target);
  if (admission.kind === "refused") throw new Error(`refused: ${admission.availability.reason}`);
  return admission.permit;
};

const errored = (code: ErrorCode, retryAfterMs?: number): HealthOutcome => ({
  outcome: "errored",
  error: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
});

const run = (store: MemoryHealthStore, target: HealthTarget, outcome: HealthOutcome, times = 1) => {
  for (let count = 0; count < times; count++) admit(store, target).settle(outcome);
};

const isAvailable = { state: "available", share: 1 };

describe("the health of a target", () => {
  it("is good until something is known", () => {
    const { store } = open();
    expect(store.availability(one)).toEqual(isAvailable);
    expect(store.report()).toEqual({ targets: [], credentials: [] });
  });

  it("is out after five failures in a row, then one request finds out, then it recovers bit by bit", async () => {
    const { clock, store } = open();
    run(store, one, errored("connection_failed"), 5);
    expect(store.availability(one)).toEqual({ state: "out", reason: "failing", untilMs: 10_000 });
    expect(store.availability(two)).toEqual(isAvailable);
    await clock.advance(10_000);
    expect(store.availability(one)).toEqual({ state: "probe" });
    const probe = admit(store, one);
    expect(probe.isProbe).toBe(true);
    expect(store.admit(one)).toEqual({
      kind: "refused",
      availability: { state: "out", reason: "being_probed", untilMs: 10_000 },
    });
    probe.began();
    expect(store.availability(one)).toEqual({ state: "available", share: 0.05 });
    probe.settle({ outcome: "complete" });
    await clock.advance(5_000);
    expect(store.availability(one)).toEqual({ state: "available", share: 0.5 });
    await clock.advance(5_000);
    expect(store.availability(one)).toEqual(isAvailable);
  });

  it.each(["invalid_request", "context_length_exceeded", "content_filtered", "request_too_large"] as const)(
    "is not hurt by a caller's %s",
    (code) => {
      const { store } = open();
      run(store, one, errored(code), 100);
      expect(store.availability(one)).toEqual(isAvailable);
    },
  );

  it("pauses for as long as a 429 asks, without counting it as a failure, and is available again at once", async () => {
    const { clock, store } = open();
    run(store, one, errored("rate_limited", 4_000));
    expect(store.availability(one)).toEqual({ state: "out", reason: "rate_limited", untilMs: 4_000 });
    await clock.advance(4_000);
    expect(store.availability(one)).toEqual(isAvailable);
  });

  it("pauses for a second after a 429 that asks for nothing", async () => {
    const { clock, store } = open();
    run(store, one, errored("rate_limited"));
    expect(store.availability(one)).toEqual({ state: "out", reason: "rate_limited", untilMs: 1_000 });
    await clock.advance(1_000);
    expect(store.availability(one)).toEqual(isAvailable);
  });

  it("only ever makes a pause longer", async () => {
    const { clock, store } = open();
    const permits = [1, 2, 3].map(() => admit(store, one));
    permits[0]!.settle(errored("rate_limited", 5_000));
    await clock.advance(1_000);
    permits[1]!.settle(errored("rate_limited", 1_000));
    expect(store.availability(one)).toMatchObject({ untilMs: 5_000 });
    permits[2]!.settle(errored("rate_limited", 9_000));
    expect(store.availability(one)).toMatchObject({ untilMs: 10_000 });
    const epochMs = clock.wallMs() - clock.nowMs();
    expect(store.report().targets).toMatchObject([{ sinceMs: epochMs, untilMs: epochMs + 10_000 }]);
  });

  it("is out for as long as the longest of what keeps it out", () => {
    const { store } = open();
    const [early, late] = [admit(store, one), admit(store, one)];
    run(store, one, errored("connection_failed"), 5);
    early.settle(errored("rate_limited", 4_000));
    expect(store.availability(one)).toEqual({ state: "out", reason: "failing", untilMs: 10_000 });
    expect(store.report().targets).toMatchObject([{ state: "out", reason: "connection_failed" }]);
    late.settle(errored("rate_limited", 60_000));
    expect(store.availability(one)).toMatchObject({ state: "out", untilMs: 60_000 });
    expect(store.report().targets).toMatchObject([{ state: "paused", reason: "rate_limited" }]);
  });

  it("pauses after a single failure that names a wait", () => {
    const { store } = open();
    run(store, one, errored("overloaded", 3_000));
    expect(store.availability(one)).toEqual({ state: "out", reason: "rate_limited", untilMs: 3_000 });
  });

  it("frees the probe's place when the probe ends in a 429, and probes again after its wait", async () => {
    const { clock, store } = open();
    run(store, one, errored("overloaded"), 5);
    await clock.advance(10_000);
    run(store, one, errored("rate_limited", 2_000));
    expect(store.availability(one)).toMatchObject({ state: "out", reason: "rate_limited" });
    await clock.advance(2_000);
    expect(store.availability(one)).toEqual({ state: "probe" });
  });

  it("follows the rule of the route that asks", () => {
    const { store } = open();
    const strict = { ...one, rule: { failureThreshold: 1, minimumRequests: 1, cooldownMs: 30_000 } };
    run(store, strict, errored("upstream_error"));
    expect(store.availability(strict)).toEqual({ state: "out", reason: "failing", untilMs: 30_000 });
  });

  it("does not keep a route away that wants no breaker, unless the credential is refused", () => {
    const { store } = open();
    const never = { ...one, rule: "never" } as const;
    run(store, never, errored("connection_failed"), 50);
    run(store, never, errored("rate_limited", 60_000));
    expect(store.availability(never)).toEqual(isAvailable);
    run(store, never, errored("quota_exhausted"));
    expect(store.availability(never)).toMatchObject({ reason: "credential_out" });
  });
});

describe("the health of a credential", () => {
  it.each(["quota_exhausted", "authentication"] as const)(
    "is out for ten minutes after %s, for every deployment that uses it and no other",
    (code) => {
      const { store } = open();
      run(store, other, { outcome: "complete" });
      run(store, one, errored(code));
      const out = { state: "out", reason: "credential_out", untilMs: 600_000 };
      expect([one, two, other].map((target) => store.availability(target))).toEqual([out, out, isAvailable]);
    },
  );

  it("is out for twice as long each time, up to an hour, with one request finding out each time", async () => {
    const { clock, store } = open();
    run(store, one, errored("quota_exhausted"));
    const minutes: number[] = [];
    for (let probe = 0; probe < 4; probe++) {
      const { untilMs } = store.availability(one) as { untilMs: number };
      minutes.push((untilMs - clock.nowMs()) / 60_000);
      await clock.advance(untilMs - clock.nowMs());
      const permit = admit(store, one);
      expect(store.admit(two).kind).toBe("refused");
      permit.settle(errored("quota_exhausted"));
    }
    expect(minutes).toEqual([10, 20, 40, 60]);
  });

  it("is good again, and short next time, once a request succeeded", async () => {
    const { clock, store } = open();
    run(store, one, errored("authentication"));
    await clock.advance(600_000);
    run(store, two, { outcome: "complete" });
    expect(store.availability(one)).toEqual(isAvailable);
    run(store, one, errored("authentication"));
    expect(store.availability(one)).toMatchObject({ untilMs: clock.nowMs() + 600_000 });
  });

  it("is not brought back by an answer that was on its way before", () => {
    const { store } = open();
    const early = admit(store, two);
    run(store, one, errored("authentication"));
    early.began();
    early.settle({ outcome: "complete" });
    expect(store.availability(two)).toMatchObject({ reason: "credential_out" });
  });

  it("stays undecided when the request that was to find out failed for another reason", async () => {
    const { clock, store } = open();
    run(store, one, errored("authentication"));
    await clock.advance(600_000);
    run(store, one, errored("connection_failed"));
    expect(store.availability(two)).toEqual({ state: "probe" });
  });

  it("keeps only the one deployment out that the credential may not use", () => {
    const { store } = open();
    run(store, one, errored("permission_denied"));
    expect(store.availability(one)).toMatchObject({ reason: "credential_out", untilMs: 600_000 });
    expect(store.availability(two)).toEqual(isAvailable);
  });

  it("of a caller concerns nobody else", () => {
    const { store } = open();
    const byCaller = { deploymentId: one.deploymentId };
    run(store, byCaller, errored("authentication"), 20);
    run(store, byCaller, errored("permission_denied"), 20);
    expect(store.availability(one)).toEqual(isAvailable);
    expect(store.report().credentials).toEqual([]);
  });
});

describe("the report", () => {
  it("names everything known with since, until and why, in wall time", async () => {
    const { clock, store } = open();
    const epochMs = clock.wallMs();
    run(store, other, { outcome: "complete" });
    await clock.advance(1_000);
    run(store, two, errored("overloaded"), 5);
    run(store, other, errored("rate_limited", 5_000));
    run(store, one, errored("quota_exhausted"));
    expect(store.report()).toEqual({
      targets: [
        {
          id: "acme/two",
          state: "out",
          sinceMs: epochMs + 1_000,
          untilMs: epochMs + 11_000,
          reason: "overloaded",
        },
        {
          id: "other/one",
          state: "paused",
          sinceMs: epochMs + 1_000,
          untilMs: epochMs + 6_000,
          reason: "rate_limited",
        },
        { id: "acme/one", state: "available", sinceMs: epochMs + 1_000 },
      ],
      credentials: [
        { id: "other key", state: "available", sinceMs: epochMs },
        {
          id: "team key",
          state: "out",
          sinceMs: epochMs + 1_000,
          untilMs: epochMs + 601_000,
          reason: "quota_exhausted",
        },
      ],
    });
    await clock.advance(10_000);
    expect(store.report().targets[0]).toMatchObject({
      id: "acme/two",
      state: "probe_due",
      reason: "overloaded",
    });
  });

  it("tells a target that is being probed from one that waits for it", async () => {
    const { clock, store } = open();
    run(store, other, errored("overloaded"), 5);
    await clock.advance(10_000);
    admit(store, other);
    expect(store.report().targets).toMatchObject([{ state: "probing" }]);
  });
});

it("refuses to settle a permit twice", () => {
  const { store } = open();
  const permit = admit(store, one);
  permit.settle({ outcome: "complete" });
  expect(() => permit.settle({ outcome: "complete" })).toThrow("settled twice");
});
