import { describe, expect, it } from "vitest";
import { isPublicName } from "./public-name.ts";

describe("a host header", () => {
  it.each([
    "localhost",
    "localhost:4000",
    "127.0.0.1:4000",
    "192.168.1.7",
    "[::1]:4000",
    "127.0.0.1.",
    "gateway",
    "app.localhost:4000",
    "host.docker.internal:4000",
    "",
  ])("%j cannot be a stranger's", (host) => {
    expect(isPublicName(host)).toBe(false);
  });

  it.each(["evil.com", "EVIL.com:4000", "evil.com.", "127.0.0.1.nip.io", "localhost.evil.com", "1.2.3"])(
    "%j can be a stranger's",
    (host) => {
      expect(isPublicName(host)).toBe(true);
    },
  );
});
