import type { DecodedEvent } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { recorded, recordedEvents } from "../../test/recorded.ts";
import { targetOf } from "../../test/target-of.ts";
import { moonshotAdapter } from "../index.ts";

const target = targetOf("kimi-k3");

function decodeAll(datas: readonly string[]): DecodedEvent[] {
  let decoder = moonshotAdapter.chat.startDecoder(target);
  return datas.map((data) => {
    const decoded = decoder.decode({ event: "", data });
    decoder = decoded.next;
    return decoded;
  });
}

const k26Usage = { prompt_tokens: 23, completion_tokens: 215, total_tokens: 238 };

describe("recorded streams", () => {
  it.each([
    ["kimi-k2.6.stream.sse", 216, k26Usage],
    ["moonshot-v1-8k.2026-06.stream.sse", 4, { prompt_tokens: 24, completion_tokens: 2, total_tokens: 26 }],
    [
      "moonshot-v1-8k.2025-03.stream-tail.sse",
      3,
      { prompt_tokens: 39, completion_tokens: 211, total_tokens: 250 },
    ],
    ["docs-example.chat.stream.sse", 5, { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32 }],
    [
      "kimi-k2.7-code.stream-abridged.sse",
      3,
      {
        prompt_tokens: 21,
        completion_tokens: 60,
        total_tokens: 81,
        cached_tokens: 21,
        completion_tokens_details: { reasoning_tokens: 26 },
        prompt_tokens_details: { cached_tokens: 21 },
      },
    ],
  ])("%s is passed on as it came, metered once and ended", (name, count, usage) => {
    const datas = recordedEvents(name);
    const events = decodeAll(datas);
    expect(events).toHaveLength(count);
    expect(events.flatMap(({ chunks }) => chunks.map(({ text }) => text))).toEqual(datas.slice(0, -1));
    expect(events.flatMap((event) => event.usage ?? [])).toEqual([usage]);
    expect(events.map(({ isEnd }) => isEnd ?? false)).toEqual(datas.map((data) => data === "[DONE]"));
  });

  it("count nothing twice when the usage chunk follows that was asked for", () => {
    const [final, done] = recordedEvents("kimi-k2.6.stream.sse").slice(-2);
    const trailing = JSON.stringify({ id: "x", choices: [], usage: k26Usage });
    const usages = decodeAll([final ?? "", trailing, done ?? ""]).map(({ usage }) => usage);
    expect(usages).toEqual([k26Usage, k26Usage, undefined]);
  });

  it("have their cached tokens put where they belong", () => {
    const [event] = decodeAll([recorded("kimi-k2-turbo-preview.final-chunk.json").trim()]);
    expect(event?.usage).toEqual({
      prompt_tokens: 8,
      completion_tokens: 11,
      total_tokens: 19,
      cached_tokens: 8,
      prompt_tokens_details: { cached_tokens: 8 },
    });
  });
});

describe("recorded answers", () => {
  it.each([
    "kimi-k3.reasoning.response.json",
    "kimi-k3.toolcall.response.json",
    "docs-example.chat.nonstream.json",
  ])("%s is passed on as it came", (name) => {
    const body = recorded(name);
    const decoded = moonshotAdapter.chat.decodeResponse(body, target);
    expect(decoded).toEqual({ response: JSON.parse(body), usage: JSON.parse(body).usage, text: body });
  });
});

describe("recorded requests", () => {
  it.each(["kimi-k3.reasoning.request.json", "kimi-k3.toolcall.request.json"])(
    "%s is sent as it was, to the target's model",
    (name) => {
      const request = JSON.parse(recorded(name));
      const { body, adjustments } = moonshotAdapter.chat.encodeRequest(request, target);
      expect(body).toEqual({ ...request, model: "kimi-k3" });
      expect(adjustments).toEqual([]);
    },
  );
});
