import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { acme, acmeKey } from "../../../test/acme-provider.ts";
import { RawServer } from "../../../test/raw-server.ts";
import { readAll } from "../../../test/read-all.ts";
import { ScriptedTransport } from "../../../test/scripted-transport.ts";
import type { Step } from "../../../test/scripted-transport.ts";
import { settled, VirtualClock } from "../../../test/virtual-clock.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { TransportError } from "../transport/transport.ts";
import { createUndiciTransport } from "../transport/undici-transport.ts";
import { forward } from "./forward.ts";
import type { ForwardRequest } from "./forward.ts";

const reset = new TransportError("reset", "sent_unknown", "closed the connection");

function forwarding(script: readonly Step[], more: Partial<ForwardRequest> = {}, provider = acme()) {
  const transport = new ScriptedTransport(new VirtualClock(), script);
  const forwarded = forward(transport, provider, {
    method: "GET",
    path: "/files?limit=1",
    headers: {},
    ...more,
  });
  forwarded.catch(() => {});
  return { transport, forwarded };
}

describe("a forwarded request", () => {
  it("arrives below the base URL with the key, and its answer comes back as it is", async () => {
    const { transport, forwarded } = forwarding(
      [{ head: 404, headers: { "x-a": "b" } }, { data: "no " }, { data: "file" }, "end"],
      {
        method: "POST",
        headers: { "Content-Type": "text/plain", Authorization: "Bearer of-the-caller" },
        body: "text",
      },
    );
    const { status, headers, body } = await forwarded;
    expect({ status, headers, text: Buffer.concat(await readAll(body)).toString() }).toEqual({
      status: 404,
      headers: { "x-a": "b" },
      text: "no file",
    });
    expect(transport.requests[0]).toMatchObject({
      origin: "https://api.acme.test",
      path: "/v1/files?limit=1",
      method: "POST",
      headers: { "content-type": "text/plain", authorization: `Bearer ${acmeKey}` },
      body: "text",
      headersTimeoutMs: 120_000,
    });
    expect(Object.keys(transport.requests[0]!.headers)).toEqual(["content-type", "authorization"]);
  });

  it.each<[string, TransportError, string]>([
    ["refused", new TransportError("refused", "not_sent", "could not connect"), "connection_failed"],
    ["silent", new TransportError("headers_timeout", "sent_unknown", "did not answer"), "attempt_timeout"],
    ["reset", reset, "connection_failed"],
  ])("that is %s fails as a ProviderError", async (_, error, code) => {
    const { forwarded } = forwarding([{ error }]);
    await expect(forwarded).rejects.toMatchObject({
      name: "ProviderError",
      code,
      facts: { providerId: "acme" },
    });
  });

  it("whose answer breaks off throws a ProviderError from its body", async () => {
    const { body } = await forwarding([{ head: 200 }, { data: "half" }, { error: reset }]).forwarded;
    await expect(readAll(body)).rejects.toMatchObject({
      name: "ProviderError",
      code: "stream_interrupted",
    });
  });

  it("without a key is not sent", async () => {
    const { transport, forwarded } = forwarding([], {}, acme({ apiKey: undefined }));
    await expect(forwarded).rejects.toMatchObject({ code: "authentication" });
    expect(transport.calls).toEqual([]);
  });

  it.each(["/files/..", "@evil.test", "/files/%2E%2e/balance"])("to %s is not sent", async (path) => {
    const { transport, forwarded } = forwarding([], { path });
    await expect(forwarded).rejects.toMatchObject({ code: "internal" });
    expect(transport.calls).toEqual([]);
  });

  it("whose caller has left is not sent, and says so as a ProviderError", async () => {
    const { transport, forwarded } = forwarding([], { signal: AbortSignal.abort() });
    await expect(forwarded).rejects.toMatchObject({ name: "ProviderError", code: "cancelled" });
    expect(transport.calls).toEqual([]);
  });

  it.each<[string, Step[]]>([
    ["before the answer", []],
    ["in the middle of the answer", [{ head: 200 }, { data: "half" }]],
  ])("whose caller leaves %s is cut, for the caller's reason", async (_, script) => {
    const caller = new AbortController();
    const { transport, forwarded } = forwarding(script, { signal: caller.signal });
    const reading = forwarded.then(({ body }) => readAll(body));
    reading.catch(() => {});
    await settled();
    caller.abort(new ProviderError({ code: "overloaded", message: "shutting down", origin: "router" }));
    await expect(reading).rejects.toMatchObject({ code: "overloaded" });
    expect(transport.calls[0]?.isAborted).toBe(true);
  });

  it("is cut when its body is left or cancelled", async () => {
    const script: Step[] = [{ head: 200 }, { data: "half" }];
    const left = forwarding(script);
    for await (const _ of (await left.forwarded).body) break;
    expect(left.transport.calls[0]?.isAborted).toBe(true);
    const unread = forwarding(script);
    (await unread.forwarded).cancel();
    expect(unread.transport.calls[0]?.isAborted).toBe(true);
  });

  it("whose upload breaks on the caller's side fails for that reason", async () => {
    await using server = await RawServer.start(() => {});
    const transport = createUndiciTransport();
    const upload = (async function* () {
      yield Buffer.from("half");
      await settled();
      throw new RangeError("the upload is too large");
    })();
    const provider = acme({ baseUrl: server.origin });
    const forwarded = forward(transport, provider, {
      method: "POST",
      path: "/files",
      headers: {},
      body: upload,
    });
    await expect(forwarded).rejects.toThrow(new RangeError("the upload is too large"));
    await transport.close();
  });
});
