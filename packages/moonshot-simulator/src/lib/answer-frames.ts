import type { Answer } from "./answer/answer-plan.ts";
import { deltaOf, doneFrame, firstDelta, type FrameWriter } from "./frames.ts";
import type { Usage } from "./usage.ts";

export interface StreamedChoice {
  readonly answer: Answer;
  readonly usage: Usage;
}

/** The frames of a whole stream. The choices take turns, and each ends with a final chunk of its own. */
export function* answerFrames(
  writer: FrameWriter,
  choices: readonly StreamedChoice[],
  totalUsage: Usage | undefined,
): Generator<string> {
  let running = choices.map((choice, index) => choiceFrames(writer, index, choice));
  while (running.length > 0) {
    const turns = running.map((frames) => ({ frames, next: frames.next() }));
    for (const { next } of turns) if (next.done !== true) yield next.value;
    running = turns.filter(({ next }) => next.done !== true).map(({ frames }) => frames);
  }
  if (totalUsage !== undefined) yield writer.usage(totalUsage);
  yield doneFrame;
}

function* choiceFrames(
  writer: FrameWriter,
  index: number,
  { answer, usage }: StreamedChoice,
): Generator<string, void> {
  yield writer.delta(index, firstDelta);
  let thinking = answer.thinks;
  for (const step of answer.steps) {
    if (thinking && step.kind !== "reasoning") {
      thinking = false;
      // The captures close the thinking with one empty delta.
      yield writer.delta(index, { reasoning_content: "" });
    }
    yield writer.delta(index, deltaOf(step));
  }
  yield writer.final(index, answer.finishReason, usage);
}
