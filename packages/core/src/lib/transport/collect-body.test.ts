import { Buffer } from "node:buffer";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { ScriptedTransport } from "../../../test/scripted-transport.ts";
import type { Step } from "../../../test/scripted-transport.ts";
import { VirtualClock } from "../../../test/virtual-clock.ts";
import { collectBody, collectErrorBody } from "./collect-body.ts";
import { Exchange } from "./exchange.ts";
import { TransportError } from "./transport.ts";

const text = JSON.stringify({ hello: "月 🌙" });
const limitBytes = 64 * 1024;
const codings: [string, (bytes: string) => Buffer][] = [
  ["gzip", zlib.gzipSync],
  ["x-gzip", zlib.gzipSync],
  ["GZIP ", zlib.gzipSync],
  ["deflate", zlib.deflateSync],
  ["br", zlib.brotliCompressSync],
  ["zstd", zlib.zstdCompressSync],
];

function answering(...steps: Step[]) {
  const transport = new ScriptedTransport(new VirtualClock(), [{ head: 200 }, ...steps]);
  const exchange = Exchange.start(transport, {
    origin: "https://api.acme.test",
    path: "/",
    method: "POST",
    headers: {},
    headersTimeoutMs: 1,
    idleTimeoutMs: 1,
  });
  return { exchange, call: transport.calls[0]! };
}

function inSingleBytes(bytes: Uint8Array): Step[] {
  return [...bytes].map((byte) => ({ data: Uint8Array.of(byte) }));
}

describe("a body", () => {
  it.each([undefined, "identity", ""])(
    "with the coding %j is its text, in whatever pieces it came",
    async (coding) => {
      const { exchange } = answering(...inSingleBytes(Buffer.from(text)), "end");
      expect(await collectBody(exchange, coding, limitBytes)).toBe(text);
    },
  );

  it.each(codings)("with the coding %s is decompressed", async (coding, compress) => {
    const { exchange } = answering(...inSingleBytes(compress(text)), "end");
    expect(await collectBody(exchange, coding, limitBytes)).toBe(text);
  });

  it("of no bytes is empty in any coding", async () => {
    expect(await collectBody(answering("end").exchange, "gzip", limitBytes)).toBe("");
  });

  it.each(["compress", "gzip, br", "gzip, gzip", "__proto__", "constructor"])(
    "with the coding %s is refused by name",
    async (coding) => {
      const { exchange } = answering({ data: zlib.gzipSync(text) }, "end");
      await expect(collectBody(exchange, coding, limitBytes)).rejects.toMatchObject({
        code: "invalid_response",
        message: `The provider's answer uses the content encoding "${coding}", which was not offered.`,
      });
    },
  );

  it.each(codings)("that only claims to be %s is refused", async (coding) => {
    const { exchange } = answering({ data: text }, "end");
    await expect(collectBody(exchange, coding, limitBytes)).rejects.toMatchObject({
      code: "invalid_response",
    });
  });

  it.each(codings)("in %s that breaks off is refused", async (coding, compress) => {
    const { exchange } = answering({ data: compress(text.repeat(20)).subarray(0, -6) }, "end");
    await expect(collectBody(exchange, coding, limitBytes)).rejects.toMatchObject({
      code: "invalid_response",
    });
  });

  it.each(codings)("in %s that unpacks to more than the limit is refused", async (coding, compress) => {
    const bomb = compress("0".repeat(20 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(limitBytes);
    const { exchange } = answering({ data: bomb }, "end");
    await expect(collectBody(exchange, coding, limitBytes)).rejects.toMatchObject({
      code: "invalid_response",
    });
  });

  it("of exactly the limit is taken, one byte more is refused and its connection closed", async () => {
    const exact = answering({ data: "x".repeat(limitBytes) }, "end");
    expect((await collectBody(exact.exchange, undefined, limitBytes)).length).toBe(limitBytes);
    const larger = answering({ data: "x".repeat(limitBytes) }, { data: "x" });
    await expect(collectBody(larger.exchange, undefined, limitBytes)).rejects.toMatchObject({
      code: "invalid_response",
      message: "The provider's answer is larger than 65536 bytes.",
    });
    expect(larger.call.isAborted).toBe(true);
  });

  it("that breaks is an error, not its beginning", async () => {
    const reset = new TransportError("reset", "sent_unknown", "closed");
    const { exchange } = answering({ data: text }, { error: reset });
    await expect(collectBody(exchange, undefined, limitBytes)).rejects.toBe(reset);
  });
});

describe("an error's body", () => {
  const errorLimitBytes = 256 * 1024;

  it("is read to its limit, and its connection closed there", async () => {
    const { exchange, call } = answering(
      ...Array.from({ length: 9 }, () => ({ data: "x".repeat(32 * 1024) })),
    );
    expect((await collectErrorBody(exchange, undefined, errorLimitBytes)).length).toBe(errorLimitBytes);
    expect(call.isAborted).toBe(true);
  });

  it("counts as far as it came", async () => {
    const reset = new TransportError("reset", "sent_unknown", "closed");
    const { exchange } = answering({ data: "half an er" }, { error: reset });
    expect(await collectErrorBody(exchange, undefined, errorLimitBytes)).toBe("half an er");
  });

  it("is decompressed", async () => {
    const { exchange } = answering({ data: zlib.gzipSync(text) }, "end");
    expect(await collectErrorBody(exchange, "gzip", errorLimitBytes)).toBe(text);
  });

  it.each(["gzip", "compress"])("that cannot be read as %s is empty", async (coding) => {
    const { exchange } = answering({ data: text }, "end");
    expect(await collectErrorBody(exchange, coding, errorLimitBytes)).toBe("");
  });
});
