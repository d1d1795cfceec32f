import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "./answer.ts";
import { answerSteps } from "./answer-steps.ts";
import { raw } from "./answers.ts";
import { breakChunk, cutAt, drip, faulty, splitEvery, splitRandomly, stallAt } from "./faults.ts";
import { stream } from "./answers.ts";
import { seededRandom } from "./seeded-random.ts";

const stepsOf = (answer: Answer, seed = 1) => [...answerSteps(answer, seededRandom(seed))];
const bytesOf = (answer: Answer, seed = 1) =>
  Buffer.concat(stepsOf(answer, seed).flatMap((step) => (step.kind === "write" ? [step.bytes] : [])));

const parts = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 6 });

test("sends the same bytes however they are split", () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 9 }), fc.integer(), (parts, size, seed) => {
      const whole = Buffer.concat(parts);
      for (const of of ["body", "wire"] as const) {
        expect(bytesOf(faulty(raw(...parts), splitEvery(size, { of })))).toEqual(whole);
        expect(bytesOf(faulty(raw(...parts), splitRandomly(size, { of })), seed)).toEqual(whole);
      }
    }),
  );
});

test("cuts at every body byte with exactly the bytes before it", () => {
  fc.assert(
    fc.property(parts, fc.nat(), (parts, pick) => {
      const whole = Buffer.concat(parts);
      const byte = pick % (whole.length + 1);
      const steps = stepsOf(faulty(raw(...parts), cutAt({ byte })));
      const cut = steps.findIndex(({ kind }) => kind === "end");
      const before = steps.slice(0, cut).flatMap((step) => (step.kind === "write" ? [step.bytes] : []));
      expect(Buffer.concat(before)).toEqual(whole.subarray(0, byte));
    }),
  );
});

test("never writes nothing, which would be the last chunk", () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const steps = stepsOf(faulty(raw(...parts), splitRandomly(size), stallAt("end")));
      expect(steps.filter((step) => step.kind === "write" && step.bytes.length === 0)).toEqual([]);
    }),
  );
});

test("waits between the writes of a drip, over the parts' ends, and not before the first", () => {
  const steps = stepsOf(faulty(raw("ab", "c"), drip({ everyMs: 5 })));
  expect(steps.map(({ kind }) => kind)).toEqual(["write", "wait", "write", "wait", "write"]);
});

test("lets several things happen in the order of their places", () => {
  const answer = faulty(raw("abc", "def"), stallAt({ byte: 4 }), stallAt({ byte: 1 }, { forMs: 7 }));
  expect(stepsOf(answer)).toEqual([
    { kind: "write", bytes: Buffer.from("a") },
    { kind: "wait", forMs: 7 },
    { kind: "write", bytes: Buffer.from("bc") },
    { kind: "write", bytes: Buffer.from("d") },
    { kind: "stall" },
    { kind: "write", bytes: Buffer.from("ef") },
  ]);
});

test("counts events across a split body as parts, not as writes", () => {
  const answer = faulty(raw("abcd", "ef"), splitEvery(1), cutAt({ afterEvents: 1 }));
  expect(stepsOf(answer).findIndex(({ kind }) => kind === "end")).toBe(4);
});

test("refuses to break a chunk the answer does not have", () => {
  expect(() => stepsOf(faulty(stream(["a"]), breakChunk(1)))).toThrow("no chunk 1 to break");
});
