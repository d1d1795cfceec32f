import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { BreakerPass, BreakerResult, BreakerSettings, BreakerView } from "./circuit-breaker.ts";

const settings: BreakerSettings = {
  failureThreshold: 3,
  minimumRequests: 10,
  cooldownMs: 1_000,
  longestCooldownMs: 4_000,
};

const failure: BreakerResult = { verdict: "failure", errorCode: "overloaded" };
const success: BreakerResult = { verdict: "success" };
const neutral: BreakerResult = { verdict: "neutral" };

const fresh = () => new CircuitBreaker(0, () => 0);

/** Lets one attempt through and ends it at once. */
function run(breaker: CircuitBreaker, nowMs: number, result: BreakerResult, by = settings): void {
  breaker.settle(breaker.admit(nowMs)!, nowMs, result, by);
}

function opened(nowMs = 0, by = settings): CircuitBreaker {
  const breaker = fresh();
  for (let count = 0; count < 3; count++) run(breaker, nowMs, failure, by);
  return breaker;
}

describe("a closed breaker", () => {
  it("opens at the third failure in a row and says since when, until when and why", () => {
    const breaker = fresh();
    run(breaker, 10, failure);
    run(breaker, 20, failure);
    expect(breaker.view(20)).toEqual({ state: "closed", sinceMs: 0 });
    run(breaker, 30, failure);
    expect(breaker.view(30)).toEqual({ state: "open", sinceMs: 30, untilMs: 1_030, errorCode: "overloaded" });
    expect(breaker.admit(1_029)).toBeUndefined();
  });

  it("starts counting again after a success, and goes on after what says nothing", () => {
    const breaker = fresh();
    for (const result of [failure, failure, success, failure, neutral, failure]) run(breaker, 0, result);
    expect(breaker.view(0).state).toBe("closed");
    run(breaker, 0, failure);
    expect(breaker.view(0).state).toBe("open");
  });

  it("opens on a share of failures over the last minute", () => {
    const byRate = { failureRate: 0.5, minimumRequests: 10, cooldownMs: 1_000, longestCooldownMs: 1_000 };
    const breaker = fresh();
    for (let second = 0; second < 9; second++)
      run(breaker, second * 1_000, second % 2 ? success : failure, byRate);
    expect(breaker.view(9_000).state).toBe("closed");
    run(breaker, 9_000, failure, byRate);
    expect(breaker.view(9_000).state).toBe("open");
  });

  it("does not count what is older than its window", () => {
    const byRate = { failureRate: 0.5, minimumRequests: 10, cooldownMs: 1_000, longestCooldownMs: 1_000 };
    const breaker = fresh();
    for (let count = 0; count < 9; count++) run(breaker, 0, count % 2 ? success : failure, byRate);
    run(breaker, 64_000, failure, byRate);
    expect(breaker.view(64_000).state).toBe("closed");
  });

  it.each([
    ["failures", [success, success, success, failure], "closed"],
    ["successes", [success, success, failure, failure], "open"],
  ])("forgets %s from before a recovery", (_, results, state) => {
    const byRate = { failureRate: 0.5, minimumRequests: 4, cooldownMs: 1_000, longestCooldownMs: 1_000 };
    const breaker = fresh();
    for (let count = 0; count < 4; count++) run(breaker, 0, failure, byRate);
    run(breaker, 1_000, success, byRate);
    for (const result of results) run(breaker, 1_000, result, byRate);
    expect(breaker.view(1_000).state).toBe(state);
  });

  it("counts a code with a threshold of its own apart from the others", () => {
    const byCode = { ...settings, failureThresholdByCode: { rate_limited: 2 } };
    const limited: BreakerResult = { verdict: "failure", errorCode: "rate_limited" };
    const breaker = fresh();
    for (const result of [failure, limited, failure]) run(breaker, 0, result, byCode);
    expect(breaker.view(0).state).toBe("closed");
    run(breaker, 0, limited, byCode);
    expect(breaker.view(0)).toMatchObject({ state: "open", errorCode: "rate_limited" });
  });
});

describe("an open breaker", () => {
  it("lets a single probe through when the cooldown is over", () => {
    const breaker = opened();
    expect(breaker.view(1_000).state).toBe("half_open");
    expect(breaker.admit(1_000)?.isProbe).toBe(true);
    expect(breaker.view(1_000).state).toBe("probing");
    expect(Array.from({ length: 1_000 }, () => breaker.admit(1_000)).filter(Boolean)).toEqual([]);
  });

  it("closes when the probe succeeds", () => {
    const breaker = opened();
    run(breaker, 1_500, success);
    expect(breaker.view(1_500)).toEqual({ state: "closed", sinceMs: 1_500, recoveredAtMs: 1_500 });
    expect(breaker.admit(1_500)?.isProbe).toBe(false);
  });

  it("closes when the probe's answer begins, and counts a break after that as one failure", () => {
    const breaker = opened();
    const probe = breaker.admit(1_000)!;
    breaker.began(probe, 1_200);
    expect(breaker.view(1_200).state).toBe("closed");
    breaker.settle(probe, 9_000, failure, settings);
    run(breaker, 9_000, failure);
    expect(breaker.view(9_000).state).toBe("closed");
    run(breaker, 9_000, failure);
    expect(breaker.view(9_000).state).toBe("open");
  });

  it("stays open for twice as long after every failed probe, up to its longest, and is short again once closed", () => {
    const breaker = opened();
    const lengths: number[] = [];
    let nowMs = 1_000;
    for (let probe = 0; probe < 4; probe++) {
      run(breaker, nowMs, failure);
      const view = breaker.view(nowMs) as { sinceMs: number; untilMs: number };
      expect(view.sinceMs).toBe(0);
      lengths.push(view.untilMs - nowMs);
      nowMs = view.untilMs;
    }
    expect(lengths).toEqual([2_000, 4_000, 4_000, 4_000]);
    run(breaker, nowMs, success);
    for (let count = 0; count < 3; count++) run(breaker, nowMs, failure);
    expect(breaker.view(nowMs)).toMatchObject({ sinceMs: nowMs, untilMs: nowMs + 1_000 });
  });

  it("frees the probe's place when the probe says nothing", () => {
    const breaker = opened();
    run(breaker, 1_000, neutral);
    expect(breaker.view(1_000).state).toBe("half_open");
    expect(breaker.admit(1_000)?.isProbe).toBe(true);
  });

  it("is not closed by a success that was sent before it opened", () => {
    const breaker = fresh();
    const early = breaker.admit(0)!;
    for (let count = 0; count < 3; count++) run(breaker, 0, failure);
    breaker.began(early, 10);
    breaker.settle(early, 10, success, settings);
    expect(breaker.view(10).state).toBe("open");
  });

  it("does not count failures that were sent before it opened once it is closed again", () => {
    const breaker = fresh();
    const early = Array.from({ length: 5 }, () => breaker.admit(0)!);
    for (let count = 0; count < 3; count++) run(breaker, 0, failure);
    run(breaker, 1_000, success);
    for (const pass of early) breaker.settle(pass, 1_100, failure, settings);
    expect(breaker.view(1_100).state).toBe("closed");
  });

  it.each([
    ["a failure with a longer wait moves the end later", { ...failure, retryAfterMs: 30_000 }, 30_500],
    ["a failure with a shorter wait does not move it", { ...failure, retryAfterMs: 100 }, 1_000],
    ["a failure without a wait does not move it", failure, 1_000],
    ["somebody else's wait does not move it", { ...neutral, retryAfterMs: 30_000 }, 1_000],
  ])("hears of what was sent before it opened: %s", (_, late, untilMs) => {
    const breaker = fresh();
    const early = breaker.admit(0)!;
    for (let count = 0; count < 3; count++) run(breaker, 0, failure);
    breaker.settle(early, 500, late, settings);
    expect(breaker.view(500)).toMatchObject({ state: "open", untilMs });
  });
});

function untilMsOf(view: BreakerView): number {
  return view.state === "closed" ? Infinity : view.untilMs;
}

it("keeps its three laws in any order of events", () => {
  const step = fc.record({
    kind: fc.constantFrom("admit", "admit", "settle", "began", "wait"),
    which: fc.nat(),
    result: fc.constantFrom<BreakerResult>(failure, failure, success, neutral, {
      ...failure,
      retryAfterMs: 5_000,
    }),
    waitMs: fc.nat({ max: 1_500 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120, size: "max" }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (steps, draw) => {
        const breaker = new CircuitBreaker(0, () => draw);
        let open: BreakerPass[] = [];
        // Probes whose breaker has closed since are ordinary attempts.
        const done = new Set<BreakerPass>();
        let nowMs = 0;
        for (const { kind, which, result, waitMs } of steps) {
          const before = breaker.view(nowMs);
          const pass = open[which % Math.max(1, open.length)];
          if (kind === "wait") nowMs += waitMs;
          if (kind === "admit") open.push(...[breaker.admit(nowMs)].filter((one) => one !== undefined));
          if (kind === "began" && pass) breaker.began(pass, nowMs);
          if (kind === "settle" && pass) breaker.settle(pass, nowMs, result, settings);
          if (kind === "settle") open = open.filter((one) => one !== pass);
          const after = breaker.view(nowMs);
          const probes = after.state === "closed" ? [] : open.filter((one) => one.isProbe && !done.has(one));
          if (after.state === "closed") for (const one of open) done.add(one);
          expect(probes.length).toBeLessThanOrEqual(1);
          expect(after.state === "probing").toBe(probes.length === 1 && nowMs >= untilMsOf(after));
          const shortened =
            before.state !== "closed" && after.state !== "closed" && after.untilMs < before.untilMs;
          expect(shortened).toBe(false);
          const closedByOther =
            before.state !== "closed" && after.state === "closed" && pass?.isProbe !== true;
          expect(closedByOther).toBe(false);
        }
      },
    ),
    { numRuns: 200 },
  );
});
