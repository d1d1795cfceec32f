import { expect, it } from "vitest";
import type { AnswerPlan, Step } from "./answer-plan.ts";
import { cutAnswer } from "./cut-answer.ts";

const plan: AnswerPlan = { reasoning: "one two", content: "three four five", toolCalls: [] };
const textsOf = (steps: readonly Step[]) =>
  steps.map((step) => ("text" in step ? step.text : step.call.name));

it("delivers everything when there is room, and counts the marks of the end of thinking and of the answer", () => {
  const answer = cutAnswer(plan, [], 7);
  expect(textsOf(answer.steps)).toEqual(["one", " two", "three", " four", " five"]);
  expect(answer).toMatchObject({ finishReason: "stop", completionTokens: 7, reasoningTokens: 2 });
});

it.each([1, 2, 3, 6])("stops for length after %i tokens and bills exactly those", (limit) => {
  const answer = cutAnswer(plan, [], limit);
  expect(answer).toMatchObject({ finishReason: "length", completionTokens: limit });
  expect(answer.steps.length).toBeLessThanOrEqual(limit);
});

it("ends before the first stop word, which it does not say", () => {
  const answer = cutAnswer(plan, ["five", " four"], 100);
  expect(textsOf(answer.steps)).toEqual(["one", " two", "three"]);
  expect(answer.finishReason).toBe("stop");
});

it("finishes with tool_calls when tools are called", () => {
  const call = { id: "f_0", type: "function", name: "f", arguments: '{"a":1}' } as const;
  const answer = cutAnswer({ reasoning: undefined, content: "", toolCalls: [call] }, [], 100);
  expect(answer.finishReason).toBe("tool_calls");
  expect(textsOf(answer.steps).join("")).toBe('f{"a":1}');
});
