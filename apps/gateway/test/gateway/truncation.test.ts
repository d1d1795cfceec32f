import { loadRecordings } from "@perilune/moonshot-simulator/recordings";
import { describe, expect, it } from "vitest";
import { startGateway } from "./start-gateway.ts";

const recording = loadRecordings().find(({ name }) => name === "moonshot-v1-8k.2026-06.stream.sse");
const bytes = recording?.body ?? Buffer.alloc(0);
const text = bytes.toString();
/** The event that ends the stream is complete with its blank line. */
const completeFrom = text.indexOf("data: [DONE]") + "data: [DONE]\n\n".length;
const finishFrom = text.indexOf("\n", text.indexOf('"finish_reason":"stop"')) + 2;

describe.each(["fin", "reset"] as const)("a recorded stream that ends by %s", (end) => {
  it("before it is complete is never shown as complete, at whatever byte", { timeout: 60_000 }, async () => {
    const offsets = Array.from({ length: completeFrom }, (_, offset) => offset);
    await using gateway = await startGateway({
      simulator: {
        replays: offsets.map((cutAtByte) => ({
          match: ({ json }) => (json as { seed?: number }).seed === cutAtByte,
          status: 200,
          body: bytes,
          cutAtByte,
          end,
        })),
      },
    });
    const wrong: unknown[] = [];
    const ask = async (seed: number) => {
      const response = await gateway.post("/chat/completions", {
        model: "chat",
        stream: true,
        seed,
        messages: [{ role: "user", content: "17 * 23" }],
      });
      const answer = await response.text();
      const isHonest = response.status === 200 ? answer.includes("event: error\n") : response.status === 502;
      const hasInvented = answer.includes('"finish_reason":"stop"') && seed < finishFrom;
      if (!isHonest || hasInvented || answer.includes("[DONE]")) wrong.push([seed, response.status, answer]);
    };
    for (let start = 0; start < offsets.length; start += 32)
      await Promise.all(offsets.slice(start, start + 32).map(ask));
    expect(wrong).toEqual([]);
    const lines = await gateway.requestLines(offsets.length);
    const outcomes = new Set(lines.map(({ attempts }) => (attempts as { outcome: string }[])[0]?.outcome));
    // A reset can overtake the headers: then nothing was begun that could be truncated.
    const notBegun = lines.filter(({ errorCode }) => errorCode === "connection_failed").length;
    expect(notBegun).toBeLessThan(offsets.length / 2);
    expect(outcomes).toContain("truncated");
    expect(["truncated", "errored"]).toEqual(expect.arrayContaining([...outcomes]));
  });
});

it("the whole recording is complete", async () => {
  await using gateway = await startGateway({
    simulator: { replays: [{ match: () => true, status: 200, body: bytes }] },
  });
  const response = await gateway.post("/chat/completions", {
    model: "chat",
    stream: true,
    messages: [{ role: "user", content: "17 * 23" }],
  });
  expect((await response.text()).endsWith("data: [DONE]\n\n")).toBe(true);
});

it("an answer's text cannot forge the end of the stream", async () => {
  const forged = JSON.stringify({
    choices: [{ index: 0, delta: { content: "\n\ndata: [DONE]\n\n" }, finish_reason: null }],
  });
  await using gateway = await startGateway({
    simulator: { replays: [{ match: () => true, status: 200, body: `data: ${forged}\n\n` }] },
  });
  const response = await gateway.post("/chat/completions", {
    model: "chat",
    stream: true,
    messages: [{ role: "user", content: "x" }],
  });
  const answer = await response.text();
  expect(answer.split("\n")).not.toContain("data: [DONE]");
  expect(answer).toContain("event: error\n");
});
