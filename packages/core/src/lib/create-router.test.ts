import { describe, expect, it } from "vitest";
import { acme } from "../../test/acme-provider.ts";
import { RawServer } from "../../test/raw-server.ts";
import { readAll } from "../../test/read-all.ts";
import { ScriptedTransport } from "../../test/scripted-transport.ts";
import type { Step } from "../../test/scripted-transport.ts";
import { completeStream, frames } from "../../test/stream-frames.ts";
import { VirtualClock } from "../../test/virtual-clock.ts";
import { createRouter } from "./create-router.ts";

const messages = [{ role: "user" as const, content: "Hi" }];
const answer = '{"choices":[{"index":0,"message":{"content":"Hello, moon"},"finish_reason":"stop"}]}';

function routerOver(...script: Step[]) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(clock, script);
  return { clock, transport, router: createRouter({ clock, transport, providers: [acme()] }) };
}

describe("a router in the same process", () => {
  it("answers whole", async () => {
    const { router } = routerOver({ head: 200 }, { data: answer }, "end");
    const { choices } = await router.chat({ model: "acme/acme-1", messages });
    expect(choices[0]?.message.content).toBe("Hello, moon");
  });

  it("streams chunks", async () => {
    const { router } = routerOver({ head: 200 }, { data: completeStream }, "end");
    let text = "";
    for await (const chunk of await router.chat({ model: "acme/acme-1", messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe("Hello, moon");
  });

  it("throws from a stream that breaks", async () => {
    const { router } = routerOver({ head: 200 }, { data: frames.content("Hel") }, "end");
    const stream = await router.chat({ model: "acme/acme-1", messages, stream: true });
    await expect(readAll(stream)).rejects.toMatchObject({ code: "stream_interrupted" });
  });

  it("stops the provider's work when the loop is left", async () => {
    const { router, transport } = routerOver({ head: 200 }, { data: frames.content("Hel") });
    for await (const _ of await router.chat({ model: "acme/acme-1", messages, stream: true })) break;
    expect(transport.calls[0]?.isAborted).toBe(true);
    expect(router.inFlight("acme/acme-1")).toBe(0);
  });

  it("refuses what is no chat request before anything else, by rejecting", async () => {
    const { router } = routerOver();
    await expect(router.chat({ model: "acme/acme-1", messages: [] })).rejects.toMatchObject({
      code: "invalid_request",
      facts: { parameter: "messages" },
    });
  });

  it("lists the names it serves", () => {
    expect(routerOver().router.models()).toEqual(["acme/acme-1", "acme/acme-2", "acme/acme-large"]);
  });

  it("works over the network with nothing but a provider, and closes", async () => {
    await using server = await RawServer.start((socket, head) => {
      const body = head.includes("accept: text/event-stream") ? completeStream : answer;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    const router = createRouter({ providers: [acme({ baseUrl: `${server.origin}/v1` })] });
    const whole = await router.chat({ model: "acme/acme-1", messages });
    expect(whole.choices[0]?.message.content).toBe("Hello, moon");
    const stream = await router.chat({ model: "acme/acme-1", messages, stream: true });
    expect((await readAll(stream)).length).toBe(4);
    await router.close();
    await expect(router.chat({ model: "acme/acme-1", messages })).rejects.toMatchObject({
      code: "internal",
      message: "acme was not asked: the router is closed (UND_ERR_CLOSED).",
    });
  });

  it("ends what is under way when it closes, read or not", async () => {
    const { clock, transport, router } = routerOver({ head: 200 }, { data: frames.content("Hel") });
    const records: string[] = [];
    const onAttempt = ({ outcome }: { outcome: string }) => void records.push(outcome);
    const stream = await router.chat({ model: "acme/acme-1", messages, stream: true }, { onAttempt });
    await router.close();
    expect(records).toEqual(["cancelled"]);
    expect([transport.calls[0]?.isAborted, router.inFlight("acme/acme-1"), clock.pending]).toEqual([
      true,
      0,
      0,
    ]);
    await expect(readAll(stream)).rejects.toMatchObject({ message: "The router was closed." });
  });

  it("takes a flag known only at run time", async () => {
    const { router } = routerOver({ head: 200 }, { data: answer }, "end");
    const isStreamed: boolean = Math.min(0, 1) === 1;
    const either = await router.chat({ model: "acme/acme-1", messages, stream: isStreamed });
    expect("choices" in either).toBe(true);
  });
});
