import { describe, expect, it, onTestFinished } from "vitest";
import { acme, acmeAdapter, acmeKey } from "../../../test/acme-provider.ts";
import { readAll } from "../../../test/read-all.ts";
import type { Step } from "../../../test/scripted-transport.ts";
import { completeStream, exampleUsage, frames } from "../../../test/stream-frames.ts";
import { balanced, ChatTrial } from "../../../test/try-chat.ts";
import { settled } from "../../../test/virtual-clock.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { TransportError } from "../transport/transport.ts";

const ok: Step = { head: 200, headers: { "content-type": "text/event-stream" } };
const data = (text: string): Step => ({ data: text });
const wait = (waitMs: number): Step => ({ waitMs });
const reset = new TransportError("reset", "sent_unknown", "closed the connection");
const refused = new TransportError("refused", "not_sent", "could not connect");
const answer = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: exampleUsage,
});

describe("an answer", () => {
  it("streamed to its end is complete, with its times and its usage on record", async () => {
    const trial = new ChatTrial([
      wait(100),
      ok,
      data(frames.role),
      wait(50),
      data(frames.content("Hello")),
      wait(25),
      data(frames.finishWithUsage(exampleUsage) + frames.done),
      "end",
    ]);
    expect(await trial.endingAfter(1_000)).toBe("complete");
    expect(trial.chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      { content: "Hello" },
      {},
    ]);
    expect(await trial.books()).toEqual(balanced);
    expect(trial.records).toEqual([
      {
        number: 1,
        credentialOwner: "operator",
        deploymentId: "acme-one",
        providerId: "acme",
        modelId: "acme-1",
        startedAtMs: Date.UTC(2026, 10, 1),
        durationMs: 175,
        firstTokenMs: 150,
        outcome: "complete",
        upstreamStatus: 200,
        usage: exampleUsage,
        adjustments: [],
      },
    ]);
    expect(trial.call.isAborted).toBe(false);
  });

  it("read whole is complete, as text and parsed", async () => {
    const trial = new ChatTrial([{ head: 200 }, data(answer), "end"], { request: { stream: false } });
    expect(await trial.ending()).toBe("complete");
    expect(await trial.dispatched).toMatchObject({
      kind: "response",
      text: answer,
      response: JSON.parse(answer),
      usage: exampleUsage,
      attemptNumber: 1,
      adjustments: [],
      deployment: { id: "acme-one" },
    });
    expect(await trial.books()).toEqual(balanced);
    expect(trial.records[0]).toMatchObject({ outcome: "complete", usage: exampleUsage });
    expect(trial.records[0]).not.toHaveProperty("firstTokenMs");
  });

  it("keeps the text of every event beside its chunk", async () => {
    const trial = new ChatTrial([ok, data(completeStream), "end"]);
    const texts = (await readAll(await trial.stream())).map((item) => (item as { text: string }).text);
    expect(texts.map((text) => `data: ${text}\n\n`).join("") + frames.done).toBe(completeStream);
  });

  it("complete before its connection is done closes it when it does not end soon", async () => {
    const trial = new ChatTrial([ok, data(completeStream)]);
    expect(await trial.ending()).toBe("complete");
    expect(trial.call.isAborted).toBe(false);
    await trial.clock.advance(1_000);
    expect(trial.call.isAborted).toBe(true);
    expect(await trial.books()).toEqual(balanced);
  });
});

describe("before anything is promised to the caller", () => {
  it.each<[string, Step[], string, object]>([
    ["a refused connection", [{ error: refused }], "connection_failed", { failure: "not_sent" }],
    ["a reset before the headers", [{ error: reset }], "connection_failed", { failure: "sent_unknown" }],
    [
      "a 200 and then an error event",
      [ok, data(frames.role + frames.error)],
      "overloaded",
      { failure: "answered" },
    ],
    ["an empty stream", [ok, "end"], "stream_interrupted", { failure: "sent_unknown" }],
    ["an end marker alone", [ok, data(frames.done), "end"], "stream_interrupted", {}],
    ["a role and then the end", [ok, data(frames.role), "end"], "stream_interrupted", {}],
    ["a role and then a reset", [ok, data(frames.role), { error: reset }], "stream_interrupted", {}],
    [
      "a usage report and then the end",
      [ok, data(frames.usage(exampleUsage)), "end"],
      "stream_interrupted",
      {},
    ],
    ["an event that is not JSON", [ok, data("data: {\n\n")], "invalid_response", {}],
    ["JSON in place of events", [ok, data(answer), "end"], "stream_interrupted", {}],
    [
      "a whole answer in place of a stream",
      [{ head: 200, headers: { "content-type": "application/json" } }, data(answer), "end"],
      "invalid_response",
      { message: "The provider answered whole although a stream was asked for." },
    ],
    ["a compressed stream", [{ head: 200, headers: { "content-encoding": "gzip" } }], "invalid_response", {}],
    ["a 401", [{ head: 401 }, data("no such key"), "end"], "authentication", { upstreamStatus: 401 }],
    ["a 429", [{ head: 429 }, data("slow down"), "end"], "rate_limited", { message: "acme says: slow down" }],
    [
      "a 500 whose body breaks",
      [{ head: 500 }, data("oh"), { error: reset }],
      "upstream_error",
      { message: "acme says: oh" },
    ],
    [
      "a redirect",
      [{ head: 307, headers: { location: "https://evil.test/" } }, "end"],
      "upstream_error",
      { upstreamStatus: 307 },
    ],
    ["a 304", [{ head: 304 }, "end"], "upstream_error", { upstreamStatus: 304 }],
  ])("%s is thrown by the dispatch", async (_, script, code, facts) => {
    const trial = new ChatTrial(script);
    await expect(trial.dispatched).rejects.toMatchObject({
      code,
      facts: { providerId: "acme", modelId: "acme-1", ...facts },
    });
    expect(await trial.books()).toEqual(balanced);
    expect(trial.records[0]?.error).toBe(await trial.ending());
    expect(trial.records[0]).not.toHaveProperty("firstTokenMs");
    expect(trial.transport.calls.length).toBe(1);
  });

  it("an error's body is read to 256 KiB and no further", async () => {
    const trial = new ChatTrial([
      { head: 500 },
      ...Array.from({ length: 20 }, () => data("x".repeat(32 * 1024))),
    ]);
    await expect(trial.dispatched).rejects.toMatchObject({ message: `acme says: ${"x".repeat(256 * 1024)}` });
    expect(trial.call.isAborted).toBe(true);
  });

  it("a stream whose encoding is called identity is read", async () => {
    const trial = new ChatTrial([
      { head: 200, headers: { "content-encoding": "Identity" } },
      data(completeStream),
      "end",
    ]);
    expect(await trial.ending()).toBe("complete");
  });

  it("a fault of the adapter is ours, and its cause stays inside", async () => {
    const broken = {
      ...acmeAdapter,
      chat: {
        ...acmeAdapter.chat,
        startDecoder: () => {
          throw new TypeError("secret of the adapter");
        },
      },
    };
    const trial = new ChatTrial([ok, data(completeStream)], {
      deployment: { provider: acme({ adapter: broken }) },
    });
    const error = await trial.ending();
    expect(error).toMatchObject({ code: "internal", origin: "router" });
    expect(JSON.stringify(error)).not.toContain("secret of the adapter");
    expect(await trial.books()).toEqual(balanced);
    expect(trial.call.isAborted).toBe(true);
  });
});

describe("after the first chunk that says something", () => {
  it.each<[string, Step[], string, string, number]>([
    ["a reset", [{ error: reset }], "stream_interrupted", "truncated", 2],
    ["a polite end without the end marker", ["end"], "stream_interrupted", "truncated", 2],
    [
      "a finish reason without the end marker",
      [data(frames.finish), "end"],
      "stream_interrupted",
      "truncated",
      3,
    ],
    [
      "an end marker without a finish reason",
      [data(frames.done), "end"],
      "stream_interrupted",
      "truncated",
      2,
    ],
    ["an error event", [data(frames.error)], "overloaded", "errored", 2],
    ["an event that is not JSON", [data("data: <html>\n\n")], "invalid_response", "errored", 2],
  ])(
    "%s is thrown by the iteration, and the stream is then over",
    async (_, rest, code, outcome, delivered) => {
      const trial = new ChatTrial([ok, data(frames.role + frames.content("Hel")), wait(1), ...rest]);
      const error = await trial.endingAfter(10);
      expect(error).toMatchObject({ code, facts: { failure: "committed", providerId: "acme" } });
      expect(trial.chunks.length).toBe(delivered);
      expect(trial.records[0]).toMatchObject({ outcome, firstTokenMs: 0, error });
      expect(await trial.books()).toEqual(balanced);
      expect(await (await trial.stream()).next()).toEqual({ done: true, value: undefined });
    },
  );

  it("usage reported before the break is on record", async () => {
    const trial = new ChatTrial([
      ok,
      data(frames.content("x") + frames.usage(exampleUsage)),
      { error: reset },
    ]);
    await trial.ending();
    expect(trial.records[0]).toMatchObject({ outcome: "truncated", usage: exampleUsage });
  });
});

describe("time", () => {
  it.each<[string, Step[], number, string, string, string]>([
    ["the first token, before the headers", [], 2_000, "attempt_timeout", "errored", "sent_unknown"],
    [
      "the first token, after the headers",
      [ok, wait(1_500), data(frames.role)],
      2_000,
      "attempt_timeout",
      "errored",
      "sent_unknown",
    ],
    [
      "the rest, once silent",
      [ok, data(frames.content("x"))],
      1_000,
      "stream_interrupted",
      "truncated",
      "committed",
    ],
    [
      "the rest, silent after a while",
      [ok, data(frames.content("x")), wait(900), data(frames.content("y"))],
      1_900,
      "stream_interrupted",
      "truncated",
      "committed",
    ],
    [
      "the whole, dripping on and on",
      [ok, ...Array.from({ length: 40 }, () => [data(frames.content("x")), wait(500)]).flat()],
      10_000,
      "attempt_timeout",
      "errored",
      "committed",
    ],
  ])("limits the wait for %s", async (_, script, dueMs, code, outcome, failure) => {
    const trial = new ChatTrial(script);
    const ending = trial.ending();
    await trial.clock.advance(dueMs - 1);
    expect(trial.records).toEqual([]);
    await trial.clock.advance(1);
    expect(await ending).toMatchObject({ code, facts: { failure } });
    expect(trial.records[0]).toMatchObject({ outcome, durationMs: dueMs });
    expect(trial.call.isAborted).toBe(true);
    expect(await trial.books()).toEqual(balanced);
  });

  it("limits an answer that is not streamed as a whole only", async () => {
    const script = [
      { head: 200 },
      data(answer.slice(0, 9)),
      wait(9_999),
      data(answer.slice(9)),
      "end",
    ] as const;
    const inTime = new ChatTrial(script, { request: { stream: false } });
    expect(await inTime.endingAfter(9_999)).toBe("complete");
    const late = new ChatTrial([wait(1), ...script], { request: { stream: false } });
    expect(await late.endingAfter(10_000)).toMatchObject({ code: "attempt_timeout" });
    expect(await late.books()).toEqual(balanced);
  });

  it("limits the body of an error too", async () => {
    const trial = new ChatTrial([{ head: 500 }, data("<html>")]);
    expect(await trial.endingAfter(2_000)).toMatchObject({ code: "attempt_timeout" });
    expect(await trial.books()).toEqual(balanced);
  });

  it("does not count as the provider's silence while the reader is busy", async () => {
    const trial = new ChatTrial([ok, data(frames.content("x")), wait(10), data(completeStream), "end"]);
    const stream = await trial.stream();
    await stream.next();
    await trial.clock.advance(5_000);
    expect(trial.records).toEqual([]);
    expect(await trial.ending()).toBe("complete");
  });

  it.each<[string, Step[]]>([
    ["a stream still coming", [ok, data(frames.content("x"))]],
    ["a stream that arrived whole", [ok, data(completeStream), "end"]],
  ])("ends %s that nobody reads, and does not blame the provider", async (_, script) => {
    const trial = new ChatTrial(script);
    const stream = await trial.stream();
    await trial.clock.advance(10_000);
    expect(trial.records).toMatchObject([
      { outcome: "cancelled", error: { code: "cancelled", origin: "caller" } },
    ]);
    expect(await trial.books()).toEqual(balanced);
    await expect(stream.next()).rejects.toBe(trial.records[0]?.error);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("of the whole request ends it wherever it is", async () => {
    for (const script of [
      [],
      [ok],
      [ok, data(frames.content("x"))],
      [{ head: 500 }, data("x")],
    ] as Step[][]) {
      const trial = new ChatTrial(script, { timeoutMs: 700 });
      expect(await trial.endingAfter(700)).toMatchObject({ code: "deadline_exceeded", origin: "router" });
      expect(trial.records[0]).toMatchObject({ outcome: "errored", durationMs: 700 });
      expect(trial.call.isAborted).toBe(true);
      expect(await trial.books()).toEqual(balanced);
    }
  });

  it.each<[string, Step[]]>([
    ["complete", [ok, data(completeStream), "end"]],
    ["refused", [{ error: refused }]],
    ["broken", [ok, data(frames.content("x")), "end"]],
  ])("of the whole request is no longer kept once it is %s", async (_, script) => {
    const trial = new ChatTrial(script, { timeoutMs: 700 });
    await trial.ending();
    expect(await trial.books()).toEqual(balanced);
  });

  it("of the whole request ends a stream nobody reads", async () => {
    const trial = new ChatTrial([ok, data(completeStream), "end"], { timeoutMs: 700 });
    const stream = await trial.stream();
    await trial.clock.advance(700);
    expect(await trial.books()).toEqual(balanced);
    await expect(stream.next()).rejects.toMatchObject({ code: "deadline_exceeded" });
  });

  it("is given to the transport as a backstop behind ours", async () => {
    const trial = new ChatTrial([]);
    await settled();
    expect(trial.call.request).toMatchObject({ headersTimeoutMs: 15_000, idleTimeoutMs: 15_000 });
  });
});

describe("a caller who leaves", () => {
  const phases: [string, Step[], string][] = [
    ["before the headers", [], "sent_unknown"],
    ["after the headers", [ok], "sent_unknown"],
    ["before the first chunk that says something", [ok, data(frames.role)], "sent_unknown"],
    ["in the middle of the stream", [ok, data(frames.role + frames.content("x"))], "committed"],
    ["after the finish reason", [ok, data(frames.content("x") + frames.finish)], "committed"],
    ["while an error is read", [{ head: 500 }, data("<html>")], "sent_unknown"],
  ];

  it.each(phases)("%s closes the provider's connection at once", async (_, script, failure) => {
    const caller = new AbortController();
    const trial = new ChatTrial(script, { signal: caller.signal });
    const ending = trial.ending();
    await trial.clock.advance(100);
    caller.abort();
    expect(trial.call.isAborted).toBe(true);
    expect(await ending).toMatchObject({ code: "cancelled", origin: "caller", facts: { failure } });
    expect(trial.records).toMatchObject([{ outcome: "cancelled", durationMs: 100 }]);
    expect(await trial.books()).toEqual(balanced);
  });

  it("before the request is sent sends nothing", async () => {
    const trial = new ChatTrial([ok], { signal: AbortSignal.abort() });
    expect(await trial.ending()).toMatchObject({ code: "cancelled", facts: { failure: "not_sent" } });
    expect(trial.transport.calls).toEqual([]);
    expect(await trial.books()).toEqual(balanced);
  });

  it("in the very moment the stream ends gets the ending that is on record", async () => {
    const caller = new AbortController();
    const trial = new ChatTrial([ok, data(frames.content("x") + frames.finish + frames.done), "end"], {
      signal: caller.signal,
    });
    const stream = await trial.stream();
    await stream.next();
    await stream.next();
    const last = stream.next();
    caller.abort();
    await expect(last).rejects.toMatchObject({ code: "cancelled" });
    expect(trial.records).toMatchObject([{ outcome: "cancelled" }]);
  });

  it("between two reads leaves no timer behind", async () => {
    const caller = new AbortController();
    const trial = new ChatTrial([ok, data(frames.content("x")), data(": ping\n\n")], {
      signal: caller.signal,
    });
    const stream = await trial.stream();
    await settled();
    await stream.next();
    const next = stream.next();
    caller.abort();
    await expect(next).rejects.toMatchObject({ code: "cancelled" });
    expect(await trial.books()).toEqual(balanced);
  });

  it("without reading the stream settles the attempt, and nothing more is delivered", async () => {
    const caller = new AbortController();
    const trial = new ChatTrial([ok, data(completeStream), "end"], { signal: caller.signal });
    const stream = await trial.stream();
    caller.abort();
    expect(await trial.books()).toEqual(balanced);
    await expect(stream.next()).rejects.toMatchObject({ code: "cancelled" });
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it("for a reason of ours is told that reason", async () => {
    const reason = new ProviderError({
      code: "overloaded",
      message: "The gateway is shutting down.",
      origin: "router",
    });
    const caller = new AbortController();
    const trial = new ChatTrial([ok, data(frames.content("x"))], { signal: caller.signal });
    const ending = trial.ending();
    await settled();
    caller.abort(reason);
    expect(await ending).toMatchObject({ code: "overloaded", message: "The gateway is shutting down." });
    expect(trial.records[0]).toMatchObject({ outcome: "errored" });
  });

  it("leaves nothing listening on the signal behind", async () => {
    const caller = new AbortController();
    let listeners = 0;
    const { signal } = caller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    for (const script of [
      [ok, data(completeStream), "end"],
      [ok, data(frames.content("x")), "end"],
      [{ error: reset }],
    ] as Step[][]) {
      await new ChatTrial(script, { signal }).ending();
    }
    await new ChatTrial([], { signal, deployment: { weight: 0 } }).ending();
    expect(listeners).toBe(0);
  });

  it.each([0, 1, 2])("after %i chunks by leaving the loop cancels the attempt", async (count) => {
    const trial = new ChatTrial([
      ok,
      data(frames.role + frames.content("x")),
      wait(1),
      data(frames.content("y")),
    ]);
    const stream = await trial.stream();
    for (let taken = 0; taken < count; taken++) await stream.next();
    await stream.return?.();
    expect(trial.call.isAborted).toBe(true);
    expect(trial.records).toMatchObject([{ outcome: "cancelled", error: { code: "cancelled" } }]);
    expect(await trial.books()).toEqual(balanced);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await stream.return?.();
    expect(trial.records.length).toBe(1);
  });

  it("while a read is waiting ends that read", async () => {
    const trial = new ChatTrial([ok, data(frames.content("x"))]);
    const stream = await trial.stream();
    await stream.next();
    const waiting = stream.next();
    await settled();
    await stream.return?.();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    expect(await trial.books()).toEqual(balanced);
  });

  it("after the end changes nothing", async () => {
    const trial = new ChatTrial([ok, data(completeStream), "end"]);
    expect(await trial.ending()).toBe("complete");
    await (await trial.stream()).return?.();
    expect(trial.records).toMatchObject([{ outcome: "complete" }]);
  });
});

describe("what is never sent", () => {
  it.each([undefined, ""])("is a request without a key (%j)", async (apiKey) => {
    const trial = new ChatTrial([ok], { deployment: { provider: acme({ apiKey }) } });
    expect(await trial.ending()).toMatchObject({
      code: "authentication",
      origin: "router",
      message:
        "No API key is configured for acme: pass one to its factory, or set ACME_API_KEY for a gateway.",
      facts: { failure: "not_sent" },
    });
    expect(trial.transport.calls).toEqual([]);
    expect(await trial.books()).toEqual(balanced);
  });

  it.each([`${acmeKey}\n`, `${acmeKey}\r\nx-evil: 1`, `${acmeKey}\u200B`])(
    "is a key no header can hold",
    async (apiKey) => {
      const trial = new ChatTrial([ok], { deployment: { provider: acme({ apiKey }) } });
      const error = await trial.ending();
      expect(error).toMatchObject({
        code: "authentication",
        origin: "router",
        facts: { failure: "not_sent" },
      });
      expect(JSON.stringify(error)).not.toContain(acmeKey);
      expect(trial.transport.calls).toEqual([]);
      expect(await trial.books()).toEqual(balanced);
    },
  );

  it("is what the adapter cannot express", async () => {
    const trial = new ChatTrial([ok], { request: { video: "x" } });
    expect(await trial.ending()).toMatchObject({
      code: "unsupported",
      facts: { failure: "not_sent", parameter: "video" },
    });
    expect(trial.transport.calls).toEqual([]);
    expect(await trial.books()).toEqual(balanced);
  });

  it("is an adjusted request in strict mode", async () => {
    const trial = new ChatTrial([ok], { strict: true, request: { temperature: 1.5 } });
    expect(await trial.ending()).toMatchObject({
      code: "invalid_request",
      message: "Strict mode: temperature would have to be changed. acme takes 0 to 1.",
      facts: { parameter: "temperature", failure: "not_sent" },
    });
    expect(trial.transport.calls).toEqual([]);
    expect(trial.records[0]).toMatchObject({
      outcome: "errored",
      adjustments: [{ parameter: "temperature" }],
    });
    expect(await trial.books()).toEqual(balanced);
  });
});

describe("usage", () => {
  const withUsage = frames.content("x") + frames.finish + frames.usage(exampleUsage) + frames.done;
  const inChoice = frames.content("x") + frames.finishWithUsage(exampleUsage) + frames.done;

  it.each([
    ["withheld from a caller who did not ask", withUsage, undefined, 0],
    ["given to a caller who asked", withUsage, { include_usage: true }, 1],
    ["built for a caller who asked when it came elsewhere", inChoice, { include_usage: true }, 1],
    ["absent when nothing was reported", completeStream, { include_usage: true }, 0],
  ])("is %s", async (_, text, stream_options, reports) => {
    const trial = new ChatTrial([ok, data(text), "end"], { request: { stream_options } });
    expect(await trial.ending()).toBe("complete");
    const usageChunks = trial.chunks.filter(({ choices }) => choices.length === 0);
    expect(usageChunks.map(({ usage }) => usage)).toEqual(
      Array.from({ length: reports }, () => exampleUsage),
    );
    expect(trial.records[0]?.usage).toEqual(text === completeStream ? undefined : exampleUsage);
  });
});

describe("a key", () => {
  it.each<[string, Step[]]>([
    ["in an error's body", [{ head: 401 }, data(`no such key: ${acmeKey}`), "end"]],
    ["in an error event", [ok, data(frames.error.replace("the engine is overloaded", acmeKey))]],
    [
      "in an error event in the middle",
      [ok, data(frames.content("x") + frames.error.replace("the engine is overloaded", acmeKey))],
    ],
  ])("that the provider repeats %s is not in our error", async (_, script) => {
    const trial = new ChatTrial(script);
    const error = await trial.ending();
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).message).toContain("[redacted]");
    expect(
      `${JSON.stringify(error)}${(error as ProviderError).stack}${JSON.stringify(trial.records)}`,
    ).not.toContain(acmeKey);
  });
});

describe("no failure", () => {
  it("is left for nobody to handle", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    onTestFinished(() => void process.off("unhandledRejection", note));
    const scripts: Step[][] = [
      [{ error: refused }],
      [],
      [ok],
      [ok, data(frames.content("x"))],
      [ok, data(frames.content("x")), { error: reset }],
    ];
    for (const script of scripts) {
      const caller = new AbortController();
      const trial = new ChatTrial(script, { signal: caller.signal, timeoutMs: 5_000 });
      await trial.clock.advance(1);
      caller.abort();
      await trial.clock.advance(20_000);
    }
    await settled();
    expect(unhandled).toEqual([]);
  });
});
