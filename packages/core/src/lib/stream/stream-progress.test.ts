import { describe, expect, it } from "vitest";
import type { ChatChunk } from "../contract/chat-response.ts";
import { StreamProgress } from "./stream-progress.ts";

type Piece = ChatChunk["choices"][number];

const said = (index: number): Piece => ({ index, delta: { content: "x" }, finish_reason: null });
const finished = (index: number): Piece => ({ index, delta: {}, finish_reason: "stop" });

describe("a stream", () => {
  it.each<[boolean, string, Piece[], boolean]>([
    [true, "with a finish reason and the end marker", [said(0), finished(0)], true],
    [false, "without the end marker", [said(0), finished(0)], false],
    [false, "without a finish reason", [said(0)], true],
    [false, "without any choice", [], true],
    [false, "with one of two choices unfinished", [said(0), said(1), finished(0)], true],
    [true, "with both of two choices finished", [said(1), said(0), finished(0), finished(1)], true],
    [true, "whose finished choice says a little more", [finished(0), said(0)], true],
    [true, "finished in its only chunk", [finished(0)], true],
  ])("is complete: %s, %s", (isComplete, _, choices, hasEndMarker) => {
    const progress = new StreamProgress();
    for (const choice of choices) progress.take({ choices: [choice] });
    if (hasEndMarker) progress.takeEndMarker();
    expect(progress.isComplete()).toBe(isComplete);
  });

  it("does not take an empty finish reason of null for one", () => {
    const progress = new StreamProgress();
    progress.take({ choices: [{ index: 0, delta: {} }] });
    progress.takeEndMarker();
    expect(progress.isComplete()).toBe(false);
  });
});
