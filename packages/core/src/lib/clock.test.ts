import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";

it.each([Number.POSITIVE_INFINITY, 2 ** 31, 1e12])(
  "a timer of %d ms does not run at once",
  async (delayMs) => {
    let hasRun = false;
    const cancel = systemClock.after(delayMs, () => (hasRun = true));
    await setTimeout(20);
    cancel();
    expect(hasRun).toBe(false);
  },
);

it("a timer runs once, and not at all when cancelled", async () => {
  const runs: string[] = [];
  const cancel = systemClock.after(1, () => runs.push("cancelled"));
  systemClock.after(1, () => runs.push("kept"));
  cancel();
  await setTimeout(20);
  expect(runs).toEqual(["kept"]);
});
