import { describe, expect, it } from "vitest";
import { startGateway } from "./start-gateway.ts";

const unknownFields =
  '"seed":12345678901234567890,"vendor":{"id":9007199254740993,"ratio":0.12345678901234567891,"none":null,"empty":{},"list":[],"deep":[{"a":[[1]]}],"text":"ünï 🌙 \\u0000 \\ud83c","__proto__":{"x":1},"constructor":{"prototype":{}}},"__proto__":{"y":18446744073709551615},"zero":0,"flag":false,"":""';

const message = '{"role":"user","content":"Hi","vendor_id":12345678901234567890,"__proto__":{"z":1}}';
const body = (more: string) => `{"model":"chat","messages":[${message}],${more}${unknownFields}}`;

describe("fields nobody here knows", () => {
  it.each([false, true])("reach the provider as they were written, streaming: %s", async (stream) => {
    await using gateway = await startGateway();
    const response = await gateway.post("/v1/chat/completions", body(`"stream":${stream},`));
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    const sent = gateway.simulator.requests[0]?.body.toString() ?? "";
    expect(sent).toContain(message);
    expect(sent).toContain(unknownFields);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("reach a forwarded endpoint too", async () => {
    await using gateway = await startGateway();
    const response = await gateway.post("/v1/tokenizers/estimate-token-count", body(""));
    expect(response.status).toBe(200);
    expect(gateway.simulator.requests[0]?.body.toString()).toContain(unknownFields);
  });

  it.each([
    [
      "in a tool's schema",
      '{"type":"object","properties":{"n":{"type":"integer","maximum":9223372036854775807}}}',
    ],
    [
      "in an enumeration",
      '{"type":"object","properties":{"n":{"type":"integer","enum":[12345678901234567890]}}}',
    ],
    [
      "as a default",
      '{"type":"object","properties":{"n":{"type":"integer","default":12345678901234567890}}}',
    ],
  ])("keep a 64-bit integer %s", async (_, schema) => {
    await using gateway = await startGateway();
    const tools = `"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}],`;
    const response = await gateway.post("/chat/completions", body(tools).replace('"chat"', '"kimi-k2.6"'));
    await response.arrayBuffer();
    const sent = gateway.simulator.requests[0]?.body.toString() ?? "";
    expect(sent).toContain(/\d{19,20}/.exec(schema)?.[0]);
  });

  const answer = `{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","vendor":{"n":12345678901234567890}},"finish_reason":"stop"}],${unknownFields}}`;

  it("come back in a whole answer byte for byte", async () => {
    await using gateway = await startGateway({
      simulator: { replays: [{ match: () => true, status: 200, body: answer }] },
    });
    const response = await gateway.post("/chat/completions", body(""));
    expect(await response.text()).toBe(answer);
  });

  it("come back in a stream byte for byte", async () => {
    const chunk = `{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}],${unknownFields}}`;
    const stream = `data: ${chunk}\n\ndata: [DONE]\n\n`;
    await using gateway = await startGateway({
      simulator: { replays: [{ match: () => true, status: 200, body: stream, splitAt: "every-byte" }] },
    });
    const response = await gateway.post("/chat/completions", body('"stream":true,'));
    expect(await response.text()).toBe(stream);
  });
});

it("a field the engine computes with is an ordinary number, however many digits were written", async () => {
  await using gateway = await startGateway();
  const response = await gateway.post("/chat/completions", body('"temperature":0.50000000000000000001,'));
  await response.arrayBuffer();
  expect(response.status).toBe(200);
  expect(gateway.simulator.requests[0]?.json).toMatchObject({ temperature: 0.5 });
});
