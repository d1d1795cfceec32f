import { describe, expect, it } from "vitest";
import { redactSecret } from "./redact-secret.ts";

describe("text from a provider", () => {
  it.each([
    ["sk-abcd", "key sk-abcd, I said sk-abcd", "key [redacted], I said [redacted]"],
    ["$&.*", "not a pattern: $&.*", "not a pattern: [redacted]"],
    [undefined, "anything", "anything"],
    ["", "anything", "anything"],
    ["abc", "too short to be a key: abc", "too short to be a key: abc"],
  ])("without the key %j", (secret, text, expected) => {
    expect(redactSecret(text, secret)).toBe(expected);
  });
});
