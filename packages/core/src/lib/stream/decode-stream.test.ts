import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acmeDecoder } from "../../../test/acme-provider.ts";
import { readAll } from "../../../test/read-all.ts";
import { recordedStreams } from "../../../test/recorded-streams.ts";
import { completeStream, exampleUsage, frames } from "../../../test/stream-frames.ts";
import type { ChunkDecoder } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import type { Usage } from "../contract/usage.ts";
import { collectChunks } from "./collect-chunks.ts";
import { decodeStream } from "./decode-stream.ts";
import { SseParser } from "./sse-parser.ts";

interface Decoded {
  readonly texts: readonly (string | undefined)[];
  readonly usages: readonly Usage[];
  /** `complete`, or the code of the error. */
  readonly ending: string;
}

async function decoded(pieces: readonly (string | Uint8Array)[], decoder = acmeDecoder): Promise<Decoded> {
  const bytes = (async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  })();
  const texts: (string | undefined)[] = [];
  const usages: Usage[] = [];
  try {
    for await (const { text } of decodeStream(bytes, { decoder, onUsage: (usage) => usages.push(usage) })) {
      texts.push(text);
    }
    return { texts, usages, ending: "complete" };
  } catch (error) {
    return { texts, usages, ending: error instanceof ProviderError ? error.code : String(error) };
  }
}

describe("a stream", () => {
  it.each<[string, string, string]>([
    ["complete", "that says why it stopped and that it is over", completeStream],
    ["stream_interrupted", "that closes without the end marker", completeStream.replace(frames.done, "")],
    ["stream_interrupted", "that ends without a finish reason", frames.content("x") + frames.done],
    ["stream_interrupted", "of a role alone", frames.role + frames.done],
    ["stream_interrupted", "of nothing", ""],
    ["stream_interrupted", "of the end marker alone", frames.done],
    ["stream_interrupted", "whose end marker lacks its blank line", completeStream.slice(0, -1)],
    ["overloaded", "with an error event", frames.content("x") + frames.error + frames.finish + frames.done],
    [
      "invalid_response",
      "with an event that is not JSON",
      `${frames.content("x")}data: {"id"\n\n${frames.done}`,
    ],
    ["complete", "with anything after the end marker", `${completeStream}data: junk\n\n${frames.error}`],
  ])("ends %s: one %s", async (ending, _, text) => {
    expect((await decoded([text])).ending).toBe(ending);
  });

  it("gives the chunks before an error, and none after it", async () => {
    const { texts } = await decoded([frames.content("a") + frames.error + frames.content("b")]);
    expect(texts.length).toBe(1);
  });

  it("reports usage wherever it comes, the later one last", async () => {
    const later = { ...exampleUsage, completion_tokens: 3, total_tokens: 6 };
    const text =
      frames.content("a") + frames.finishWithUsage(exampleUsage) + frames.usage(later) + frames.done;
    expect((await decoded([text])).usages).toEqual([exampleUsage, later]);
  });

  it("goes on with the decoder each event gives", async () => {
    const counting = (count: number): ChunkDecoder => ({
      decode: () => ({
        next: counting(count + 1),
        chunks: [
          { chunk: { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }, text: String(count) },
        ],
        ...(count === 2 && { isEnd: true as const }),
      }),
    });
    expect((await decoded(["data: x\n\ndata: x\n\n", "data: x\n\n"], counting(0))).texts).toEqual([
      "0",
      "1",
      "2",
    ]);
  });

  it("stops reading the bytes once it is complete", async () => {
    let isReleased = false;
    const bytes = (async function* () {
      try {
        yield Buffer.from(completeStream);
        throw new Error("read beyond the end");
      } finally {
        isReleased = true;
      }
    })();
    await readAll(decodeStream(bytes, { decoder: acmeDecoder, onUsage: () => {} }));
    expect(isReleased).toBe(true);
  });

  it("is refused when one event grows beyond the limit", async () => {
    const bytes = (async function* () {
      yield Buffer.from(`data: ${"x".repeat(100)}`);
    })();
    const reading = readAll(
      decodeStream(bytes, { decoder: acmeDecoder, onUsage: () => {}, maxEventBytes: 64 }),
    );
    await expect(reading).rejects.toMatchObject({ code: "invalid_response" });
  });
});

describe.each(recordedStreams)("the recorded stream $name", ({ bytes }) => {
  const events = eventsOf(bytes);

  it("is complete, with its usage", async () => {
    const whole = await decoded([bytes]);
    expect(whole.ending).toBe("complete");
    expect(whole.texts).toEqual(events.slice(0, -1).map(({ data }) => data));
    expect(whole.usages.length).toBe(1);
  });

  it("spells an answer with a finish reason", () => {
    const response = collectChunks(events.slice(0, -1).map(({ data }) => JSON.parse(data)));
    expect(response.choices.map(({ finish_reason }) => finish_reason)).toEqual(["stop"]);
    expect(response.choices[0]?.message.content).toMatch(/^(391|你好。?)$/u);
  });

  it("gives the same events split at every byte", { timeout: 120_000 }, () => {
    const expected = events.map(({ data }) => data);
    for (let at = 0; at <= bytes.length; at++) {
      const parser = new SseParser();
      const seen = [...parser.push(bytes.subarray(0, at)), ...parser.push(bytes.subarray(at))];
      if (seen.length !== expected.length || seen.some(({ data }, place) => data !== expected[place])) {
        expect.fail(`split at byte ${at}: ${JSON.stringify(seen)}`);
      }
    }
  });

  it("gives the same chunks in any pieces, down to single bytes", async () => {
    const whole = await decoded([bytes]);
    expect(await decoded([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
        const ends = [...cuts.toSorted((left, right) => left - right), bytes.length];
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(await decoded(pieces)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it(
    "cut at any byte is an error after the chunks that came whole, never a success",
    { timeout: 120_000 },
    async () => {
      const decoder = remembering(acmeDecoder);
      for (let at = 0; at < bytes.length; at++) {
        const { texts, ending } = await decoded([bytes.subarray(0, at)], decoder);
        const whole = events.filter(({ end, data }) => end <= at && data !== "[DONE]").length;
        if (ending !== "stream_interrupted" || texts.length !== whole) {
          expect.fail(`cut at byte ${at}: ${ending} after ${texts.length} chunks of ${whole}`);
        }
      }
    },
  );
});

/** The events of recorded bytes with where they lie; these recordings separate them by an empty line of LF. */
function eventsOf(bytes: Buffer): { data: string; start: number; end: number }[] {
  const events: { data: string; start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf("\n\n", start) + 2;
    events.push({ data: bytes.toString("utf8", start + "data: ".length, end - 2), start, end });
    start = end;
  }
  return events;
}

/** Decodes each event text once: the same few hundred are met tens of thousands of times. */
function remembering(decoder: ChunkDecoder): ChunkDecoder {
  const known = new Map<string, ReturnType<ChunkDecoder["decode"]>>();
  const self: ChunkDecoder = {
    decode: (event) => {
      const decoded = known.get(event.data) ?? { ...decoder.decode(event), next: self };
      known.set(event.data, decoded);
      return decoded;
    },
  };
  return self;
}
