import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue } from "./fair-queue.ts";
import type { Place } from "./fair-queue.ts";

const roomy = { maxWaiting: 1_000, maxWaitingPerCaller: 1_000 };

const drain = (queue: FairQueue<string>) => {
  const order: string[] = [];
  for (let item = queue.next(); item !== undefined; item = queue.next()) order.push(item);
  return order;
};

describe("a fair queue", () => {
  it("serves callers in turn, and each caller's requests in their order", () => {
    const queue = new FairQueue<string>(roomy);
    for (const name of ["a1", "a2", "a3", "b1", "c1", "b2"]) queue.join(name.charAt(0), name);
    expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
  });

  it("refuses whom it has no room for, and a caller that takes more than its part", () => {
    const queue = new FairQueue<string>({ maxWaiting: 3, maxWaitingPerCaller: 2 });
    const joined = ["a1", "a2", "a3", "b1", "c1"].filter((name) => queue.join(name.charAt(0), name));
    expect(joined).toEqual(["a1", "a2", "b1"]);
    expect(queue.size).toBe(3);
  });

  it("forgets whoever leaves, once", () => {
    const queue = new FairQueue<string>(roomy);
    const place = queue.join("a", "a1")!;
    queue.join("a", "a2");
    expect([queue.leave(place), queue.leave(place)]).toEqual([true, false]);
    expect(drain(queue)).toEqual(["a2"]);
    expect(queue.size).toBe(0);
  });

  it("gives nobody a second turn before everybody who waits has had one, whoever joins and leaves", () => {
    const step = fc.record({
      kind: fc.constantFrom("join", "join", "next", "leave"),
      caller: fc.constantFrom("a", "b", "c", "d"),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
        const queue = new FairQueue<string>({ maxWaiting: 12, maxWaitingPerCaller: 5 });
        // The model: lines in the order of their turns.
        let lines: { caller: string; waiting: string[] }[] = [];
        const places = new Map<string, Place<string>>();
        steps.forEach(({ kind, caller, which }, index) => {
          const line = lines.find((one) => one.caller === caller);
          if (kind === "join") {
            const total = lines.reduce((sum, one) => sum + one.waiting.length, 0);
            const fits = total < 12 && (line?.waiting.length ?? 0) < 5;
            const place = queue.join(caller, `${caller}${index}`);
            expect(place !== undefined).toBe(fits);
            if (place) {
              places.set(place.item, place);
              if (line) line.waiting.push(place.item);
              else lines.push({ caller, waiting: [place.item] });
            }
          }
          if (kind === "next") {
            const turn = lines.shift();
            expect(queue.next()).toBe(turn?.waiting.shift());
            if (turn && turn.waiting.length > 0) lines.push(turn);
          }
          if (kind === "leave" && line) {
            const item = line.waiting[which % line.waiting.length]!;
            expect(queue.leave(places.get(item)!)).toBe(true);
            line.waiting = line.waiting.filter((one) => one !== item);
            lines = lines.filter((one) => one.waiting.length > 0);
          }
          expect(queue.size).toBe(lines.reduce((sum, one) => sum + one.waiting.length, 0));
        });
      }),
      { numRuns: 300 },
    );
  });
});
