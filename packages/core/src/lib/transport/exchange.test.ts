import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { ScriptedTransport } from "../../../test/scripted-transport.ts";
import type { Step } from "../../../test/scripted-transport.ts";
import { settled, VirtualClock } from "../../../test/virtual-clock.ts";
import { Exchange } from "./exchange.ts";
import { TransportError } from "./transport.ts";

const request = {
  origin: "https://api.acme.test",
  path: "/",
  method: "POST",
  headers: {},
  headersTimeoutMs: 1_000,
  idleTimeoutMs: 1_000,
};
const reset = new TransportError("reset", "sent_unknown", "closed the connection");
const kilobytes = (count: number): Step => ({ data: Buffer.alloc(count * 1024) });

function start(...script: Step[]) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(clock, script);
  const exchange = Exchange.start(transport, request);
  const call = transport.calls[0]!;
  return { clock, exchange, call };
}

describe("an exchange", () => {
  it("gives the head, then the bytes in order, then the end, again and again", async () => {
    const { exchange } = start({ head: 200, headers: { a: "b" } }, { data: "one" }, { data: "two" }, "end");
    expect(await exchange.head).toEqual({ status: 200, headers: { a: "b" } });
    expect(String(await exchange.read())).toBe("one");
    expect(String(await exchange.read())).toBe("two");
    expect(await exchange.read()).toBeUndefined();
    expect(await exchange.read()).toBeUndefined();
  });

  it("wakes a reader who came before the bytes", async () => {
    const { clock, exchange } = start({ head: 200 }, { waitMs: 10 }, { data: "late" }, "end");
    const reading = exchange.read();
    expect(exchange.isAwaited).toBe(true);
    await clock.advance(10);
    expect(String(await reading)).toBe("late");
    expect(exchange.isAwaited).toBe(false);
  });

  it("delivers what arrived before it broke, then the error, at every read", async () => {
    const { exchange } = start({ head: 200 }, { data: "one" }, { error: reset });
    await settled();
    expect(String(await exchange.read())).toBe("one");
    await expect(exchange.read()).rejects.toBe(reset);
    await expect(exchange.read()).rejects.toBe(reset);
  });

  it("rejects its head when it breaks before it", async () => {
    await expect(start({ error: reset }).exchange.head).rejects.toBe(reset);
  });

  it("rejects its head when it ends before it", async () => {
    await expect(start("end").exchange.head).rejects.toMatchObject({ fault: "protocol" });
  });

  it("rejects nothing that nobody waits for", async () => {
    const { exchange } = start({ error: reset });
    await settled();
    await expect(exchange.read()).rejects.toBe(reset);
  });
});

describe("failing an exchange from outside", () => {
  it("wakes the reader with the error and closes the connection", async () => {
    const { exchange, call } = start({ head: 200 });
    const reading = exchange.read();
    await settled();
    exchange.fail(new Error("too slow"));
    await expect(reading).rejects.toThrow("too slow");
    expect(call.isAborted).toBe(true);
  });

  it("rejects the head while it is awaited", async () => {
    const { exchange } = start();
    exchange.fail(new Error("too slow"));
    await expect(exchange.head).rejects.toThrow("too slow");
  });

  it("throws away what was queued", async () => {
    const { exchange } = start({ head: 200 }, { data: "one" });
    await settled();
    exchange.fail(new Error("too slow"));
    await expect(exchange.read()).rejects.toThrow("too slow");
  });

  it("keeps the first error", async () => {
    const { exchange } = start({ head: 200 });
    await settled();
    exchange.fail(new Error("first"));
    exchange.fail(new Error("second"));
    exchange.onError(reset);
    exchange.onData(Buffer.from("late"));
    await expect(exchange.read()).rejects.toThrow("first");
  });

  it("changes nothing once the body has ended", async () => {
    const { exchange, call } = start({ head: 200 }, { data: "one" }, "end");
    await settled();
    exchange.fail(new Error("too late"));
    expect(String(await exchange.read())).toBe("one");
    expect(await exchange.read()).toBeUndefined();
    expect(call.isAborted).toBe(false);
  });
});

describe("a slow reader", () => {
  it("pauses the connection beyond 64 KB and lets it go on at half of that", async () => {
    const { exchange, call } = start({ head: 200 }, kilobytes(40), kilobytes(40), kilobytes(1), "end");
    await settled();
    expect(call.isPaused).toBe(true);
    await exchange.read();
    expect(call.isPaused).toBe(true);
    await exchange.read();
    expect(call.isPaused).toBe(false);
    expect((await exchange.read())?.length).toBe(1024);
    expect(await exchange.read()).toBeUndefined();
  });

  it("pauses a transport that pushes before it returns", async () => {
    let pauses = 0;
    const call = { pause: () => void pauses++, resume: () => {}, abort: () => {} };
    Exchange.start(
      {
        dispatch: (_, receiver) => {
          receiver.onHeaders(200, {});
          receiver.onData(Buffer.alloc(100 * 1024));
          return call;
        },
        close: () => Promise.resolve(),
      },
      request,
    );
    expect(pauses).toBe(1);
  });
});

describe("draining", () => {
  it("lets a paused connection come to its end", async () => {
    const { clock, exchange, call } = start({ head: 200 }, kilobytes(80), kilobytes(1), "end");
    await settled();
    expect(call.isPaused).toBe(true);
    exchange.drain(clock);
    await settled();
    expect(call).toMatchObject({ isPaused: false, isAborted: false });
    expect(clock.pending).toBe(0);
  });

  it("closes a connection with more than 64 KB left", async () => {
    const { clock, exchange, call } = start({ head: 200 }, { waitMs: 1 }, kilobytes(40), kilobytes(40));
    await settled();
    exchange.drain(clock);
    await clock.advance(1);
    expect(call.isAborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("closes a connection that does not end within a second", async () => {
    const { clock, exchange, call } = start({ head: 200 });
    await settled();
    exchange.drain(clock);
    await clock.advance(999);
    expect(call.isAborted).toBe(false);
    await clock.advance(1);
    expect(call.isAborted).toBe(true);
  });

  it("needs no time once the body has ended", async () => {
    const { clock, exchange } = start({ head: 200 }, "end");
    await settled();
    exchange.drain(clock);
    expect(clock.pending).toBe(0);
  });
});
