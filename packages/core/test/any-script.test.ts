import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { TransportError } from "../src/transport.ts";
import type { Step } from "./scripted-transport.ts";
import { exampleUsage, frames } from "./stream-frames.ts";
import { balanced, ChatTrial } from "./try-chat.ts";
import { settled } from "./virtual-clock.ts";

const deep = process.env["PERILUNE_DEEP"] === "1";

const pieces = [
  frames.role,
  frames.content("a"),
  frames.content("🌙"),
  ": ping\n\n",
  frames.usage(exampleUsage),
  frames.finish,
  frames.finishWithUsage(exampleUsage),
  frames.done,
  frames.error,
  "data: {\n\n",
];
const faults = [
  new TransportError("reset", "sent_unknown", "closed the connection"),
  new TransportError("refused", "not_sent", "could not connect"),
];

interface Story {
  readonly status: number;
  readonly texts: readonly string[];
  /** Bytes of the texts that arrive, in pieces of these lengths. */
  readonly cutAt: number;
  readonly lengths: readonly number[];
  readonly waitsMs: readonly number[];
  readonly ending: "end" | "stall" | "reset" | "refused";
  readonly abortAtMs: number | undefined;
  readonly readPauseMs: number;
  readonly readLimit: number;
  readonly timeoutMs: number | undefined;
}

const story: fc.Arbitrary<Story> = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 307, 401, 429, 500),
  texts: fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }),
    fc.constant([frames.role, frames.content("a"), frames.content("b"), frames.finish, frames.done]),
  ),
  cutAt: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(800)),
  lengths: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
  waitsMs: fc.array(fc.constantFrom(0, 0, 1, 400, 1_100), { minLength: 1, maxLength: 4 }),
  ending: fc.constantFrom("end", "end", "stall", "reset", "refused"),
  abortAtMs: fc.option(fc.nat(3_000), { nil: undefined, freq: 3 }),
  readPauseMs: fc.constantFrom(0, 0, 50, 3_000),
  readLimit: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1, 2),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined }),
});

it("whatever a provider, a network and a caller do, there is one true record and nothing is left open", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));
  await fc.assert(
    fc.asyncProperty(story, async (each) => {
      await check(each);
      expect(unhandled).toEqual([]);
    }),
    { numRuns: deep ? 20_000 : 600 },
  );
});

async function check(each: Story): Promise<void> {
  const caller = new AbortController();
  const trial = new ChatTrial(scriptOf(each), {
    signal: caller.signal,
    ...(each.timeoutMs !== undefined && { timeoutMs: each.timeoutMs }),
  });
  if (each.abortAtMs !== undefined) trial.clock.after(each.abortAtMs, () => caller.abort());
  const reading = read(trial, each);
  // Beyond every limit: ten seconds for the attempt, three for each of a few pauses, one for draining.
  await trial.clock.advance(60_000);
  const seen = await reading;

  expect(await trial.books()).toEqual(balanced);
  const [record] = trial.records;
  const text = arrived(each);
  const saysComplete = each.status === 200 && isCompleteBy(text);
  if (seen.ending === "complete") expect(record?.outcome).toBe("complete");
  if (record?.outcome === "complete") {
    expect(saysComplete).toBe(true);
    expect(record.error).toBeUndefined();
    expect(seen.ending).toBe("complete");
  } else {
    expect(record?.error?.code).toBeDefined();
    expect(seen.ending).not.toBe("complete");
  }
  // With nobody in the way, what the provider completed is complete.
  const isUndisturbed =
    each.abortAtMs === undefined &&
    each.timeoutMs === undefined &&
    each.readPauseMs === 0 &&
    each.readLimit === Number.POSITIVE_INFINITY &&
    each.waitsMs.every((waitMs) => waitMs === 0);
  if (isUndisturbed) expect(seen.ending === "complete").toBe(saysComplete);
  expect(seen.chunksAfterError).toBe(0);
}

function arrived({ texts, cutAt }: Story): string {
  return Buffer.from(texts.join("")).subarray(0, cutAt).toString();
}

/** The rule in the tests' own words: a finish reason, then the end marker, and nothing broken before it. */
function isCompleteBy(text: string): boolean {
  const [before = "", after] = text.split(frames.done);
  const isBroken = [frames.error, "data: {\n"].some((fault) => before.includes(fault));
  return after !== undefined && before.includes('"finish_reason":"stop"') && !isBroken;
}

function scriptOf(each: Story): Step[] {
  const bytes = Buffer.from(each.texts.join("")).subarray(0, each.cutAt);
  const steps: Step[] = [{ head: each.status }];
  for (let at = 0, count = 0; at < bytes.length; count++) {
    const waitMs = each.waitsMs[count % each.waitsMs.length] ?? 0;
    const length = each.lengths[count % each.lengths.length] ?? 1;
    if (waitMs > 0) steps.push({ waitMs });
    steps.push({ data: bytes.subarray(at, at + length) });
    at += length;
  }
  if (each.ending === "end") steps.push("end");
  else if (each.ending !== "stall") steps.push({ error: faults[each.ending === "reset" ? 0 : 1]! });
  return steps;
}

async function read(trial: ChatTrial, { readPauseMs, readLimit }: Story) {
  let ending = "left";
  let chunksAfterError = 0;
  try {
    const stream = await trial.stream();
    for (let count = 0; ; count++) {
      if (count >= readLimit) {
        await stream.return?.();
        break;
      }
      if (readPauseMs > 0) await pause(trial, readPauseMs);
      try {
        const next = await stream.next();
        if (next.done === true) {
          ending = "complete";
          break;
        }
      } catch (error) {
        ending = String(error);
        for (let late = 0; late < 3; late++) if ((await stream.next()).done !== true) chunksAfterError++;
        break;
      }
    }
  } catch (error) {
    ending = String(error);
  }
  await settled();
  return { ending, chunksAfterError };
}

function pause(trial: ChatTrial, ms: number): Promise<void> {
  return new Promise((resolve) => void trial.clock.after(ms, resolve));
}
