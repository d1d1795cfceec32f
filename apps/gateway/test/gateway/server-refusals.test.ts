import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askRaw } from "../raw-http.ts";
import { startGateway } from "./start-gateway.ts";
import type { TestGateway, WireError } from "./start-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const linesOf = (id: string | undefined) =>
  gateway.requestLines().then((lines) => lines.filter(({ requestId }) => requestId === id));

/** What never becomes a request: sent bytes → status and code. */
const refused: [string, string, number, string][] = [
  ["two Hosts", "GET /models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "duplicate_header"],
  ["no Host", "GET /models HTTP/1.1\r\n\r\n", 400, "invalid_host"],
  ["a dot segment", "GET /a/../models HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_target"],
  ["an absolute address", "GET http://a/models HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_target"],
  [
    "two framings",
    "POST /models HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
    "malformed_request",
  ],
  ["a long address", `GET /${"a".repeat(9_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, "target_too_long"],
  [
    "an unknown coding",
    "POST /models HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    501,
    "unsupported_transfer_encoding",
  ],
  ["no HTTP", "moon\r\n\r\n", 400, "malformed_request"],
  ["a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed"],
];

describe("a request that the server itself refuses", () => {
  it.each(refused)(
    "for %s has the shape of every error and one line in the log",
    async (_, bytes, status, code) => {
      const answer = await askRaw(gateway.port, bytes);
      const id = answer.headers["x-request-id"];
      expect(answer).toMatchObject({
        status,
        headers: { "x-litellm-call-id": id, "x-portkey-trace-id": id, "x-should-retry": "false" },
      });
      const { error } = JSON.parse(answer.body) as WireError;
      expect(error).toMatchObject({ type: "invalid_request_error", code });
      expect(error.message).toMatch(/\(litellm\.BadRequestError\)$/);
      await expect.poll(() => linesOf(id)).toHaveLength(1);
      expect(await linesOf(id)).toMatchObject([
        { endpoint: "unmatched", status, errorCode: code, delivery: "sent", attempts: [] },
      ]);
    },
  );

  it("in the middle of its body has one line, under the id it was answered with", async () => {
    const answer = await askRaw(
      gateway.port,
      "POST /chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n",
    );
    expect(answer.status).toBe(400);
    const id = answer.headers["x-request-id"];
    await expect.poll(() => linesOf(id)).toHaveLength(1);
    expect(await linesOf(id)).toMatchObject([{ endpoint: "chat.completions", status: 400 }]);
  });
});
