import { describe, expect, it } from "vitest";
import { readAll } from "../../../test/read-all.ts";
import type { ChatChunk } from "../contract/chat-response.ts";
import type { Usage } from "../contract/usage.ts";
import { usageAsAsked } from "./usage-as-asked.ts";

const usage: Usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const envelope = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m" };
const text: ChatChunk = { ...envelope, choices: [{ index: 0, delta: { content: "x" } }] };
const finish: ChatChunk = { ...envelope, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const report: ChatChunk = { ...envelope, choices: [], usage };

async function shown(chunks: readonly ChatChunk[], isWanted: boolean, known?: Usage): Promise<ChatChunk[]> {
  const source = (async function* () {
    for (const chunk of chunks) yield { chunk };
  })();
  return (await readAll(usageAsAsked(source, isWanted, () => known))).map(({ chunk }) => chunk);
}

describe("the usage chunk", () => {
  it("is passed on to a caller who asked", async () => {
    expect(await shown([text, finish, report], true, usage)).toEqual([text, finish, report]);
  });

  it("is withheld from a caller who did not ask", async () => {
    expect(await shown([text, finish, report], false, usage)).toEqual([text, finish]);
  });

  it("is built from usage reported elsewhere when the caller asked and none came", async () => {
    expect(await shown([text, finish], true, usage)).toEqual([text, finish, report]);
  });

  it("is not invented when the provider reported nothing", async () => {
    expect(await shown([text, finish], true)).toEqual([text, finish]);
  });

  it("is not built for a caller who did not ask", async () => {
    expect(await shown([text, finish], false, usage)).toEqual([text, finish]);
  });

  it("is not doubled when usage also came with the last choice", async () => {
    const both = { ...finish, usage };
    expect(await shown([text, both, report], true, usage)).toEqual([text, both, report]);
  });

  it.each([true, false])("is not what a chunk without choices and usage is (asked: %s)", async (isWanted) => {
    const filterResults: ChatChunk = { ...envelope, choices: [], usage: null, prompt_filter_results: [] };
    expect(await shown([filterResults, text, finish], isWanted)).toEqual([filterResults, text, finish]);
  });

  it("is not built for a stream that broke", async () => {
    const broken = (async function* () {
      yield { chunk: text };
      throw new Error("broken");
    })();
    const seen: ChatChunk[] = [];
    const reading = (async () => {
      for await (const { chunk } of usageAsAsked(broken, true, () => usage)) seen.push(chunk);
    })();
    await expect(reading).rejects.toThrow("broken");
    expect(seen).toEqual([text]);
  });
});
