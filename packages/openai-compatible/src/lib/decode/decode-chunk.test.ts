import { ProviderError, type DecodedEvent, type ServerSentEvent } from "@perilune/core/provider";
import { describe, expect, it } from "vitest";
import { exampleProvider, target } from "../../../test/example-provider.ts";

const { chat } = exampleProvider();

const usage = (completion: number) => ({
  prompt_tokens: 10,
  completion_tokens: completion,
  total_tokens: 10 + completion,
});
const choice = (fields: object) => ({ index: 0, delta: {}, finish_reason: null, ...fields });
const chunk = (fields: object) => ({ id: "1", object: "chat.completion.chunk", ...fields });

const event = (value: unknown): ServerSentEvent => ({
  event: "",
  data: typeof value === "string" ? value : JSON.stringify(value),
});

/** Decodes one event after another, each by the decoder the one before gave. */
function decode(...values: unknown[]): DecodedEvent[] {
  let decoder = chat.startDecoder(target);
  return values.map((value) => {
    const decoded = decoder.decode(event(value));
    decoder = decoded.next;
    return decoded;
  });
}

const calls = (...tool_calls: object[]) => chunk({ choices: [choice({ delta: { tool_calls } })] });
const indexes = (events: DecodedEvent[]) =>
  events.map(({ chunks }) => chunks[0]?.chunk.choices[0]?.delta.tool_calls?.map((call) => call.index));

const usagesOf = (events: DecodedEvent[]) => events.map((decoded) => decoded.usage);

function failure(given: ServerSentEvent): ProviderError {
  try {
    chat.startDecoder(target).decode(given);
  } catch (thrown) {
    if (thrown instanceof ProviderError) return thrown;
  }
  throw new Error("decoding did not fail with a ProviderError");
}

describe("a chunk", () => {
  it("keeps its text when nothing had to change", () => {
    const text = ` ${JSON.stringify(chunk({ zeta: 1, choices: [choice({ delta: { content: "a" } })] }))}`;
    expect(decode(text)[0]?.chunks).toEqual([{ chunk: JSON.parse(text), text }]);
  });

  it("is rebuilt when it came in several lines", () => {
    const text = JSON.stringify(chunk({ choices: [] }), null, 1);
    expect(decode(text)[0]?.chunks).toEqual([{ chunk: JSON.parse(text) }]);
  });

  it("may leave out delta and index", () => {
    const [decoded] = decode(chunk({ choices: [{ finish_reason: "stop" }] }));
    expect(decoded?.chunks).toEqual([
      { chunk: chunk({ choices: [{ finish_reason: "stop", index: 0, delta: {} }] }) },
    ]);
  });

  it("may bring usage and no choices at all", () => {
    const [decoded] = decode(chunk({ usage: usage(5) }));
    expect(decoded?.chunks).toEqual([{ chunk: chunk({ usage: usage(5), choices: [] }) }]);
  });

  it("is the end when it says [DONE]", () => {
    expect(decode("[DONE]")[0]).toMatchObject({ chunks: [], isEnd: true });
  });

  it("is nothing when it is empty", () => {
    expect(decode("")[0]?.chunks).toEqual([]);
  });
});

describe("a chunk that is rebuilt", () => {
  const id = "12345678901234567890";
  const written = (text: string) => JSON.stringify(decode(text)[0]?.chunks[0]?.chunk);

  it.each([
    ["for its usage", `{"id":"1","x":${id},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}`],
    ["for a missing index", `{"id":"1","choices":[{"delta":{"x":[{"y":${id}}]}}],"created":1}`],
    ["for its lines", `{"id":"1",\n"choices":[],"x":${id}}`],
    ["for unnumbered tool calls", `{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"a","x":${id}}]}}]}`],
  ])("%s keeps the digits of numbers that no double holds", (_name, text) => {
    expect(decode(text)[0]?.chunks[0]).not.toHaveProperty("text");
    expect(written(text)).toContain(id);
  });

  it("keeps the digits in arguments sent as an object", () => {
    const text = `{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"n":${id}}}}]}}]}`;
    const call = decode(text)[0]?.chunks[0]?.chunk.choices[0]?.delta.tool_calls?.[0];
    expect(call?.function?.arguments).toBe(`{"n":${id}}`);
  });

  it("has plain numbers where the contract says so, whatever their digits", () => {
    const sums =
      '"prompt_tokens":1.00000000000000000001,"completion_tokens":2,"cached_tokens":1.00000000000000000001';
    const [decoded] = decode(
      `{"created":1763954512123456789,"choices":[{"delta":{}}],"usage":{${sums},"x":${id}}}`,
    );
    const counts = {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_tokens_details: { cached_tokens: 1 },
    };
    expect(decoded?.usage).toMatchObject(counts);
    expect(decoded?.chunks[0]?.chunk).toMatchObject({
      created: Number("1763954512123456789"),
      choices: [{ index: 0 }],
      usage: counts,
    });
    expect(JSON.stringify(decoded?.chunks[0]?.chunk)).toContain(`"x":${id}`);
  });
});

describe("usage in a stream", () => {
  const atTheEnd = (index: number, completion: number) =>
    chunk({ choices: [choice({ index, finish_reason: "stop", usage: usage(completion) })] });
  const trailing = (completion: number) => chunk({ choices: [], usage: usage(completion) });

  it.each([
    ["on the choice", [atTheEnd(0, 5)], [usage(5)]],
    ["on the final chunk", [chunk({ choices: [choice({})], usage: usage(5) })], [usage(5)]],
    ["in the trailing chunk", [trailing(5)], [usage(5)]],
    ["on the choice and in the trailing chunk", [atTheEnd(0, 5), trailing(5)], [usage(5), usage(5)]],
    ["on the choice after a chunk for the whole", [trailing(5), atTheEnd(0, 4)], [usage(5), usage(5)]],
    [
      "on two choices",
      [atTheEnd(0, 5), atTheEnd(1, 6)],
      [usage(5), { prompt_tokens: 10, completion_tokens: 11, total_tokens: 21 }],
    ],
    [
      "on two choices and in the trailing chunk",
      [atTheEnd(0, 5), atTheEnd(1, 6), trailing(11)],
      [usage(5), usage(11), usage(11)],
    ],
    ["twice on the same choice", [atTheEnd(0, 5), atTheEnd(0, 6)], [usage(5), usage(6)]],
  ])("%s", (_name, chunks, expected) => {
    expect(usagesOf(decode(...chunks))).toEqual(expected);
  });

  it("is only mentioned by the events that bring it", () => {
    const events = decode(chunk({ choices: [choice({})], usage: null }), trailing(5), "[DONE]");
    expect(usagesOf(events)).toEqual([undefined, usage(5), undefined]);
    expect(events[0]?.chunks[0]).toHaveProperty("text");
  });

  it("gets canonical places, which at the top rebuilds the chunk and on a choice leaves it alone", () => {
    const flat = { ...usage(5), cached_tokens: 4 };
    const mapped = { ...flat, prompt_tokens_details: { cached_tokens: 4 } };
    const [onChoice, atTop] = decode(
      chunk({ choices: [choice({ usage: flat })] }),
      chunk({ choices: [], usage: flat }),
    );
    expect(onChoice).toMatchObject({ usage: mapped, chunks: [{ chunk: { choices: [{ usage: flat }] } }] });
    expect(onChoice?.chunks[0]).toHaveProperty("text");
    expect(atTop?.chunks).toEqual([{ chunk: chunk({ choices: [], usage: mapped }) }]);
  });
});

describe("tool calls in a stream", () => {
  it("come as they are when they are numbered", () => {
    const [decoded] = decode(calls({ index: 3, id: "a", function: { name: "f", arguments: "" } }));
    expect(decoded?.chunks[0]).toHaveProperty("text");
  });

  it.each([
    ["a new id begins a call", [calls({ id: "a" }), calls({ id: "b" })], [[0], [1]]],
    [
      "no id goes on with the call before",
      [calls({ id: "a" }), calls({ function: { arguments: "x" } })],
      [[0], [0]],
    ],
    ["a blank id goes on as well", [calls({ id: "a" }, { id: "b" }), calls({ id: "" })], [[0, 1], [1]]],
    ["a known id returns to its call", [calls({ id: "a" }, { id: "b" }), calls({ id: "a" })], [[0, 1], [0]]],
    [
      "a name without id begins a call",
      [calls({ function: { name: "f" } }), calls({ function: { name: "g" } }), calls({})],
      [[0], [1], [1]],
    ],
    ["numbered calls count", [calls({ index: 0, id: "a" }), calls({ id: "b" })], [[0], [1]]],
  ])("are numbered when they are not: %s", (_name, chunks, expected) => {
    expect(indexes(decode(...chunks))).toEqual(expected);
  });

  it("get arguments sent as an object as their text", () => {
    const [decoded] = decode(calls({ index: 0, id: "a", function: { name: "f", arguments: { a: 1 } } }));
    expect(decoded?.chunks[0]?.chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments).toBe('{"a":1}');
  });
});

describe("a decoder", () => {
  it("is a value: decoding the same event again gives the same", () => {
    const start = chat.startDecoder(target);
    const first = event(
      chunk({ choices: [choice({ usage: usage(5), delta: { tool_calls: [{ id: "a" }] } })] }),
    );
    const second = event(chunk({ choices: [choice({ index: 1, usage: usage(6) })] }));
    const after = start.decode(first).next;
    expect(after.decode(second).usage).toEqual(usage(11));
    expect(after.decode(second).usage).toEqual(usage(11));
    expect(start.decode(second).usage).toEqual(usage(6));
    expect(start.decode(first).chunks).toEqual(start.decode(first).chunks);
  });
});

describe("an event that is no chunk", () => {
  it.each([
    ["cut off", event('{"id":"1","choi')],
    ["not an object", event("[1]")],
    ["without choices", event({ id: "1" })],
    ["with choices of another kind", event({ choices: [5] })],
    ["with content of another kind", event({ choices: [choice({ delta: { content: [] } })] })],
  ])("is invalid_response: %s", (_name, given) => {
    expect(failure(given).code).toBe("invalid_response");
  });

  it.each([
    [
      "an error object",
      event({ error: { message: "Busy", type: "overloaded_error" } }),
      "overloaded",
      "Busy",
    ],
    ["an error text", event({ error: "Busy" }), "upstream_error", "Busy"],
    [
      "an error beside choices",
      event({ error: { message: "x", code: 429 }, choices: [] }),
      "rate_limited",
      "x",
    ],
    [
      "an event named error",
      { event: "error", data: '{"message":"Busy","type":"overloaded_error"}' },
      "overloaded",
      "Busy",
    ],
    ["an event named error in plain text", { event: "error", data: "Busy" }, "upstream_error", "Busy"],
  ])("is the error it reports: %s", (_name, given, code, message) => {
    expect(failure(given).facts).toMatchObject({ code, message, providerId: "example" });
  });
});
