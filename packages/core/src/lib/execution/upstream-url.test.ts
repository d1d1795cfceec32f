import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../contract/provider-error.ts";
import { upstreamUrl } from "./upstream-url.ts";

describe("an upstream URL", () => {
  it.each([
    ["https://api.acme.test/v1", "/chat/completions", "https://api.acme.test", "/v1/chat/completions"],
    ["https://api.acme.test/v1/", "/chat", "https://api.acme.test", "/v1/chat"],
    ["https://api.acme.test", "/chat", "https://api.acme.test", "/chat"],
    [
      "http://127.0.0.1:8080/a/b",
      "/c?limit=2&after=x%2Fy",
      "http://127.0.0.1:8080",
      "/a/b/c?limit=2&after=x%2Fy",
    ],
    ["https://api.acme.test/v1?", "/chat", "https://api.acme.test", "/v1/chat"],
    ["https://api.acme.test/v1#", "/chat", "https://api.acme.test", "/v1/chat"],
    [
      "https://API.acme.test:443/v1",
      "/files/a%2Fb/content",
      "https://api.acme.test",
      "/v1/files/a%2Fb/content",
    ],
    [
      "https://api.acme.test/v1",
      "/models/acme-1:generate",
      "https://api.acme.test",
      "/v1/models/acme-1:generate",
    ],
    ["https://api.acme.test/v1", "/x?path=../../y", "https://api.acme.test", "/v1/x?path=../../y"],
    ["https://api.acme.test/v1", "//evil.test/x", "https://api.acme.test", "/v1//evil.test/x"],
    ["https://api.acme.test/v1", "/@evil.test", "https://api.acme.test", "/v1/@evil.test"],
    ["https://api.acme.test", "//evil.test/x", "https://api.acme.test", "//evil.test/x"],
    ["https://api.acme.test/v1", "/v1.2/..x/...", "https://api.acme.test", "/v1/v1.2/..x/..."],
  ])("of %s and %s stays on its host", (base, path, origin, expected) => {
    expect(upstreamUrl(base, path)).toEqual({ origin, path: expected });
  });

  it.each([
    "@evil.test/x",
    ":8443/x",
    ".evil.test/x",
    "chat",
    "",
    "https://evil.test/x",
    "/../admin",
    "/..",
    "/.",
    "/a/../../admin",
    "/files/%2e%2E/balance",
    "/files/.%2e",
    "/\\evil.test",
    "/..\\admin",
    "/x\r\nhost: evil.test",
    "/x\ty",
    "/x\0",
    "/x#fragment",
  ])("is refused for the path %j", (path) => {
    for (const base of ["https://api.acme.test", "https://api.acme.test/v1"]) {
      expect(() => upstreamUrl(base, path)).toThrow(
        expect.objectContaining({
          code: "internal",
          origin: "router",
          facts: expect.objectContaining({ failure: "not_sent" }),
        }),
      );
    }
  });

  it.each([
    "",
    "api.acme.test",
    "ftp://api.acme.test",
    "file:///etc/passwd",
    "https://user@api.acme.test",
    "https://user:secret@api.acme.test",
    "https://:secret@api.acme.test",
    "https://api.acme.test/?key=secret",
    "https://api.acme.test/#x",
  ])("is refused for the base %j, without repeating it", (base) => {
    expect(() => upstreamUrl(base, "/chat")).toThrow("The base URL is not a plain http or https URL.");
  });

  it("never leaves the host or the base path, whatever the path", () => {
    const part = fc.constantFrom(
      "/",
      "//",
      "..",
      ".",
      "%2e",
      "@",
      ":",
      "\\",
      "?",
      "#",
      "evil.test",
      "\r\n",
      "é",
      "[",
      "a",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const { origin, path } = orRefused(parts.join("")) ?? {
          origin: "https://api.acme.test",
          path: "/v1/",
        };
        expect(origin).toBe("https://api.acme.test");
        expect(path.startsWith("/v1/")).toBe(true);
        expect(path).toMatch(/^[\u0021-\u007E]+$/u);
      }),
      { numRuns: 2_000 },
    );
  });
});

function orRefused(path: string) {
  try {
    return upstreamUrl("https://api.acme.test/v1", path);
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return undefined;
  }
}
