import { expect, test } from "vitest";
import { bodyFraming } from "./body-framing.ts";

const framing = (headers: Record<string, string>, head: { method?: string; httpVersion?: string } = {}) =>
  bodyFraming({ method: "POST", httpVersion: "1.1", headers: { host: "h", ...headers }, ...head });

test("knows how the end of a body is found", () => {
  expect(framing({})).toEqual({ kind: "none" });
  expect(framing({ "content-length": "0" }, { method: "GET" })).toEqual({ kind: "none" });
  expect(framing({ "content-length": "12" })).toEqual({ kind: "length", bytes: 12 });
  expect(framing({ "transfer-encoding": "Chunked" })).toEqual({ kind: "chunked" });
});

test.each(["h", "localhost:8787", "api.example.com", "127.0.0.1:80", "[::1]:8787", "gateway_1:8787"])(
  "takes the Host %s",
  (host) => {
    expect(framing({ host })).toEqual({ kind: "none" });
  },
);

test.each(["", "h/", "h#x", "h?x", "user@h", "h:", "h:123456", "a, b", "a b", "[::1", "h:80:80"])(
  "refuses the Host %j",
  (host) => {
    expect(() => framing({ host })).toThrow(expect.objectContaining({ status: 400, code: "invalid_host" }));
  },
);

test("takes HTTP/1.0 without a body only", () => {
  expect(framing({}, { method: "GET", httpVersion: "1.0" })).toEqual({ kind: "none" });
  expect(() => framing({ "content-length": "1" }, { httpVersion: "1.0" })).toThrow(
    expect.objectContaining({ status: 400 }),
  );
});
