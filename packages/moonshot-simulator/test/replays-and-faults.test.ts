import { describe, expect, it } from "vitest";
import type { Fault, Replay } from "../src/index.ts";
import { loadRecordings } from "../src/recordings.ts";
import { chat, start } from "./client.ts";

const always = () => true;
const recordings = loadRecordings();
const stream = recordings.find(({ name }) => name === "kimi-k2.6.stream.sse")!;

/** Reads until the end, and says how it came. */
async function readAll(url: string): Promise<{ bytes: Buffer; end: string; reads: number }> {
  const chunks: Uint8Array[] = [];
  try {
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body: "{}" });
    for await (const chunk of response.body!) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), end: "whole", reads: chunks.length };
  } catch {
    return { bytes: Buffer.concat(chunks), end: "broken", reads: chunks.length };
  }
}

describe("a replay", () => {
  it.each(recordings.map((recording) => [recording.name, recording] as const))(
    "serves %s byte for byte with its status",
    async (_, { body, status, contentType }) => {
      await using simulator = await start({ replays: [{ match: always, status, body }] });
      const response = await fetch(simulator.url);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect([response.status, response.headers.get("content-type")]).toEqual([status, contentType]);
      expect(bytes.equals(body)).toBe(true);
    },
  );

  it.each<[Replay["splitAt"] & {}]>([[[1, 500, 501]], ["every-byte"]])(
    "arrives whole when it is split at %j",
    async (splitAt) => {
      const body = stream.body.subarray(0, 2_000);
      await using simulator = await start({ replays: [{ match: always, status: 200, body, splitAt }] });
      const { bytes, end, reads } = await readAll(simulator.url);
      expect([bytes.equals(body), end]).toEqual([true, "whole"]);
      expect(reads).toBeGreaterThan(1);
    },
  );

  it.each(["fin", "reset"] as const)("can end in the middle of a frame with a %s", async (end) => {
    const replay = { match: always, status: 200, body: stream.body, cutAtByte: 777, end };
    await using simulator = await start({ replays: [replay] });
    const answer = await readAll(simulator.url);
    expect(answer.end).toBe("broken");
    expect(simulator.requests[0]!.answer).toMatchObject({
      bytesSent: 777,
      finishedAtMs: undefined,
      clientAbortedAtMs: undefined,
    });
  });

  it("delivers everything before a cut", async () => {
    const replay = { match: always, status: 200, body: stream.body, cutAtByte: 777 };
    await using simulator = await start({ replays: [replay] });
    const { bytes } = await readAll(simulator.url);
    expect(bytes.equals(stream.body.subarray(0, 777))).toBe(true);
  });

  it("is for the requests it matches; the others are answered", async () => {
    const replay: Replay = {
      match: ({ json }) => JSON.stringify(json).includes("replay me"),
      status: 503,
      body: "busy",
    };
    await using simulator = await start({ replays: [replay] });
    const answers = await Promise.all([chat(simulator, { user: "replay me" }), chat(simulator, {})]);
    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
  });

  it("whose match throws shows its mistake", async () => {
    const match = () => {
      throw new Error("oops");
    };
    await using simulator = await start({ replays: [{ match, status: 200, body: "" }] });
    const answer = await chat(simulator, {});
    expect([answer.status, answer.text]).toEqual([
      500,
      '{"error":{"message":"the simulator failed: oops","type":"server_error"}}',
    ]);
  });
});

describe("a fault", () => {
  const overloaded = {
    status: 429,
    type: "engine_overloaded_error",
    message: "The engine is currently overloaded, please try again later",
    headers: { "Retry-After": "2" },
  };

  it("answers as many requests with its error as it says", async () => {
    await using simulator = await start({ faults: [{ times: 2, error: overloaded }] });
    const first = await chat(simulator, {});
    const statuses = [first.status, (await chat(simulator, {})).status, (await chat(simulator, {})).status];
    expect(statuses).toEqual([429, 429, 200]);
    expect(first.headers.get("retry-after")).toBe("2");
    const recorded = recordings.find(({ name }) => name === "error.429.engine_overloaded.json");
    expect(first.text).toBe(recorded!.body.toString().trimEnd());
  });

  const spoiled = async (fault: NonNullable<Fault["stream"]>) => {
    await using simulator = await start({ faults: [{ stream: fault }] });
    try {
      const { text } = await chat(simulator, { stream: true });
      return text.split("\n\n").slice(0, -1);
    } catch {
      return "broken";
    }
  };

  it("ends a stream early though HTTP sees nothing wrong", async () => {
    expect(await spoiled({ afterFrames: 3, ending: "end" })).toHaveLength(3);
  });

  it("ends a stream with an error frame", async () => {
    const frames = await spoiled({ afterFrames: 3, ending: overloaded });
    expect(frames).toHaveLength(4);
    expect(frames.at(-1)).toBe(
      'data: {"error":{"message":"The engine is currently overloaded, please try again later","type":"engine_overloaded_error"}}',
    );
  });

  it.each(["fin", "reset"] as const)("breaks a stream with a %s", async (ending) => {
    expect(await spoiled({ afterFrames: 3, ending })).toBe("broken");
  });

  it("stalls a stream until the client leaves", async () => {
    await using simulator = await start({ faults: [{ stream: { afterFrames: 2, ending: "stall" } }] });
    const leaving = AbortSignal.timeout(60);
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: '{"model":"kimi-k3","stream":true,"messages":[{"role":"user","content":"hi"}]}',
      signal: leaving,
    });
    await expect(response.text()).rejects.toThrow("aborted");
    await expect.poll(() => simulator.requests[0]!.answer.clientAbortedAtMs).toBeDefined();
  });
});
