import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw, type RawClient } from "../../test/raw-http.ts";
import { ClientGone } from "./abort-reasons.ts";
import { encodeRefusal } from "../errors/encode-refusal.ts";
import { createHttpServer, type HttpServer, type RequestHandler } from "./create-http-server.ts";
import type { AnswerOutcome } from "./responder.ts";

interface Seen {
  readonly reached: PromiseWithResolvers<void>;
  readonly left: PromiseWithResolvers<{ reason: unknown; outcome: AnswerOutcome; thrown: unknown }>;
}

const seen = new Map<string, Seen>();
const internalErrors: unknown[] = [];
let server: HttpServer;
let port: number;

/** Each path is one phase in which a client may leave; none of them ends by itself. */
const phases: Record<string, RequestHandler> = {
  "/upload": async (request, responder) => responder.send(200, {}, await request.readBody(1e9)),
  "/streamed-upload": async (request) => {
    for await (const part of request.bodyStream()) void part;
  },
  "/waiting": (request) => aborted(request.signal),
  "/streaming": async (request, responder) => {
    await responder.startStream(200, {}).write("first");
    await aborted(request.signal);
  },
  "/streaming-blocked": async (request, responder) => {
    const writer = responder.startStream(200, {});
    while (!request.signal.aborted) await writer.write(Buffer.alloc(1024 * 1024));
  },
};

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

beforeAll(async () => {
  server = createHttpServer({
    encodeRefusal,
    onRefused: () => undefined,
    onInternalError: (error) => internalErrors.push(error),
    handler: async (request, responder) => {
      const { reached, left } = seen.get(request.query.get("case") ?? "")!;
      let thrown: unknown;
      const note = async () =>
        left.resolve({ reason: request.signal.reason, outcome: await responder.outcome, thrown });
      request.signal.addEventListener("abort", () => setImmediate(() => void note()));
      reached.resolve();
      await phases[request.path]!(request, responder).catch((error: unknown) => {
        thrown = error;
        throw error;
      });
    },
  });
  ({ port } = await server.listen(0, "127.0.0.1"));
});

afterAll(() => server.shutdown(0));

const leaving: Record<string, (client: RawClient) => void> = {
  FIN: (client) => client.end(),
  RST: (client) => client.reset(),
};
const cases = Object.keys(phases).flatMap((phase) => Object.keys(leaving).map((how) => ({ phase, how })));

test.each(cases)(
  "aborts within milliseconds when the client leaves by $how in $phase",
  async ({ phase, how }) => {
    const key = `${phase}-${how}`;
    const reached: Seen["reached"] = Promise.withResolvers();
    const left: Seen["left"] = Promise.withResolvers();
    seen.set(key, { reached, left });
    const client = await openRaw(port);
    const length = phase.endsWith("upload") ? "Content-Length: 1000\r\n" : "";
    client.send(`POST ${phase}?case=${key} HTTP/1.1\r\nHost: h\r\n${length}\r\n${length && "part"}`);
    await reached.promise;
    const leftAtMs = performance.now();
    leaving[how]!(client);
    const { reason, outcome } = await left.promise;
    expect(performance.now() - leftAtMs).toBeLessThan(50);
    expect(reason).toBeInstanceOf(ClientGone);
    expect(outcome).toBe("client_gone");
  },
);

test("tells the reader of a body that ends early so", async () => {
  const left: Seen["left"] = Promise.withResolvers();
  seen.set("early", { reached: Promise.withResolvers(), left });
  const client = await openRaw(port, { allowHalfOpen: true });
  client.send("POST /upload?case=early HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc").end();
  expect((await left.promise).thrown).toMatchObject({ status: 400, code: "body_incomplete" });
  expect(await client.closed).toMatch(/^HTTP\/1.1 400 /);
});

test("leaves nothing in flight and reports none of it as a mistake", async () => {
  await expect.poll(() => server.inFlight).toBe(0);
  expect(internalErrors).toEqual([]);
});
