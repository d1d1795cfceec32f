import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settled, VirtualClock } from "../../../test/virtual-clock.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import type { ConcurrencyLimiterOptions, Slot, SlotOutcome, SlotRequest } from "./concurrency-limiter.ts";

const open = (options: ConcurrencyLimiterOptions) => {
  const clock = new VirtualClock();
  return { clock, limiter: new ConcurrencyLimiter(clock, options) };
};

/** What came of asking for a slot, as far as it is known. */
const asked = (limiter: ConcurrencyLimiter, request: SlotRequest) => {
  const result: { slot?: Slot; error?: unknown } = {};
  limiter.acquire(request).then(
    (slot) => (result.slot = slot),
    (error: unknown) => (result.error = error),
  );
  return result;
};

const codeOf = ({ error }: { error?: unknown }) => (error instanceof ProviderError ? error.code : error);

describe("a concurrency limiter", () => {
  it("lets as many through as its limit, and the next as soon as one ends", async () => {
    const { limiter } = open({ initial: 2 });
    const [first, , third] = [1, 2, 3].map(() => asked(limiter, { callerId: "a" }));
    await settled();
    expect(limiter.view).toEqual({ limit: 2, inFlight: 2, waiting: 1 });
    first!.slot!.release("other");
    await settled();
    expect(third!.slot).toBeDefined();
    expect(limiter.view).toEqual({ limit: 2, inFlight: 2, waiting: 0 });
  });

  it("says how long a slot was waited for", async () => {
    const { clock, limiter } = open({ initial: 1 });
    const [first, second] = [asked(limiter, { callerId: "a" }), asked(limiter, { callerId: "a" })];
    await clock.advance(1_250);
    first.slot!.release("success");
    await settled();
    expect(first.slot!.waitedMs).toBe(0);
    expect(second.slot!.waitedMs).toBe(1_250);
  });

  it("lets nobody past those who wait", async () => {
    const { limiter } = open({ initial: 1 });
    const first = limiter.tryAcquire()!;
    const waiting = asked(limiter, { callerId: "a" });
    expect(limiter.tryAcquire()).toBeUndefined();
    first.release("other");
    expect(limiter.tryAcquire()).toBeUndefined();
    await settled();
    expect(waiting.slot).toBeDefined();
  });

  it("gives a newcomer its turn before the hundredth request of another", async () => {
    const { limiter } = open({ initial: 1 });
    const holder = limiter.tryAcquire()!;
    const many = Array.from({ length: 100 }, () => asked(limiter, { callerId: "greedy" }));
    const one = asked(limiter, { callerId: "modest" });
    holder.release("other");
    await settled();
    many[0]!.slot!.release("other");
    await settled();
    expect(one.slot).toBeDefined();
  });

  it.each([
    ["its longest wait", {}, 10_000, "rate_limited"],
    ["the request's deadline", { deadlineMs: 3_000 }, 3_000, "deadline_exceeded"],
    ["its longest wait before a later deadline", { deadlineMs: 60_000 }, 10_000, "rate_limited"],
  ])("ends a wait at %s", async (_, request, atMs, code) => {
    const { clock, limiter } = open({ initial: 1 });
    limiter.tryAcquire();
    const waiting = asked(limiter, { callerId: "a", ...request });
    await clock.advance(atMs - 1);
    expect(waiting).toEqual({});
    await clock.advance(1);
    expect(codeOf(waiting)).toBe(code);
    expect(limiter.view.waiting).toBe(0);
  });

  it("refuses at once, as not sent, when too many wait", async () => {
    const { limiter } = open({ initial: 1, maxWaiting: 5, maxWaitingPerCaller: 2 });
    limiter.tryAcquire();
    const waiting = [1, 2, 3].map(() => asked(limiter, { callerId: "a" }));
    await settled();
    expect(waiting.map(codeOf)).toEqual([undefined, undefined, "rate_limited"]);
    expect(waiting[2]!.error).toMatchObject({ origin: "router", facts: { failure: "not_sent" } });
  });

  it("takes a caller that left out of the queue, timer and all", async () => {
    const { clock, limiter } = open({ initial: 1 });
    const holder = limiter.tryAcquire()!;
    const controller = new AbortController();
    const left = asked(limiter, { callerId: "a", signal: controller.signal });
    const stays = asked(limiter, { callerId: "a" });
    const reason = new ProviderError({ code: "cancelled", message: "Gone.", origin: "caller" });
    controller.abort(reason);
    holder.release("other");
    await settled();
    expect(left).toEqual({ error: reason });
    expect(stays.slot).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it("does not take a slot for a caller that has already left", async () => {
    const { limiter } = open({ initial: 1 });
    await expect(limiter.acquire({ callerId: "a", signal: AbortSignal.abort("gone") })).rejects.toBe("gone");
    expect(limiter.view.inFlight).toBe(0);
  });

  it("leaves a granted slot alone when its caller leaves later", async () => {
    const { limiter } = open({ initial: 1 });
    const holder = limiter.tryAcquire()!;
    const controller = new AbortController();
    const waiting = asked(limiter, { callerId: "a", signal: controller.signal });
    holder.release("other");
    controller.abort("late");
    await settled();
    expect(waiting.slot).toBeDefined();
    expect(limiter.view).toEqual({ limit: 1, inFlight: 1, waiting: 0 });
  });

  it("queues after a 429 what it would have sent before", async () => {
    const { clock, limiter } = open({});
    const slots = Array.from({ length: 10 }, () => limiter.tryAcquire()!);
    await clock.advance(100);
    slots[0]!.release("rate_limited");
    expect(limiter.view).toEqual({ limit: 7, inFlight: 9, waiting: 0 });
    const waiting = asked(limiter, { callerId: "a" });
    for (const slot of slots.slice(1, 3)) slot.release("success");
    await settled();
    expect(waiting.slot).toBeUndefined();
    slots[3]!.release("success");
    await settled();
    expect(waiting.slot).toBeDefined();
  });

  it("refuses to release a slot twice", () => {
    const { limiter } = open({ initial: 1 });
    const slot = limiter.tryAcquire()!;
    slot.release("other");
    expect(() => slot.release("other")).toThrow("released twice");
    expect(limiter.view.inFlight).toBe(0);
  });
});

interface Asker {
  readonly callerId: string;
  readonly controller: AbortController;
  readonly result: { slot?: Slot; error?: unknown };
  isReleased: boolean;
}

const step = fc.record({
  kind: fc.constantFrom("ask", "ask", "ask", "release", "release", "leave", "wait"),
  callerId: fc.constantFrom("a", "b", "c"),
  which: fc.nat(),
  outcome: fc.constantFrom<SlotOutcome>("success", "success", "rate_limited", "other"),
  waitMs: fc.nat({ max: 1_500 }),
  deadlineInMs: fc.constantFrom(0, 700, Infinity),
});

it("never loses a slot, a waiter or the order, however requests come, end, leave and time out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 50, size: "max" }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, initial) => {
        const { clock, limiter } = open({ initial, maxWaitMs: 2_000, maxWaiting: 8, maxWaitingPerCaller: 5 });
        const askers: Asker[] = [];
        const granted: Asker[] = [];
        for (const { kind, callerId, which, outcome, waitMs, deadlineInMs } of steps) {
          const before = limiter.view;
          const holders = askers.filter(({ result, isReleased }) => result.slot && !isReleased);
          const waiters = askers.filter(({ result }) => !result.slot && result.error === undefined);
          if (kind === "ask") {
            const controller = new AbortController();
            const deadlineMs = clock.nowMs() + deadlineInMs;
            const result = asked(limiter, { callerId, deadlineMs, signal: controller.signal });
            askers.push({ callerId, controller, result, isReleased: false });
          }
          const holder = holders[which % Math.max(1, holders.length)];
          if (kind === "release" && holder) {
            holder.isReleased = true;
            holder.result.slot!.release(outcome);
          }
          if (kind === "leave") waiters[which % Math.max(1, waiters.length)]?.controller.abort("left");
          await clock.advance(kind === "wait" ? waitMs : 1);

          const news = askers.filter((one) => one.result.slot && !granted.includes(one));
          granted.push(...news);
          const held = askers.filter(({ result, isReleased }) => result.slot && !isReleased);
          const stillWaiting = askers.filter(({ result }) => !result.slot && result.error === undefined);
          const { limit, inFlight, waiting } = limiter.view;
          expect({ inFlight, waiting }).toEqual({ inFlight: held.length, waiting: stillWaiting.length });
          // A cut can leave more under way than the new limit; then nobody is let in.
          expect(inFlight <= limit || (news.length === 0 && inFlight <= before.inFlight)).toBe(true);
          expect(waiting === 0 || inFlight >= limit).toBe(true);
          const overtaken = stillWaiting.some((early) =>
            news.some(
              (late) => late.callerId === early.callerId && askers.indexOf(late) > askers.indexOf(early),
            ),
          );
          expect(overtaken).toBe(false);
        }
        await clock.advance(2_000);
        for (const { result, isReleased } of askers) if (!isReleased) result.slot?.release("other");
        await clock.advance(2_000);
        for (const one of askers) {
          if (one.result.slot && !granted.includes(one)) one.result.slot.release("other");
        }
        expect(limiter.view).toMatchObject({ inFlight: 0, waiting: 0 });
        expect(clock.pending).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
