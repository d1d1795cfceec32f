import { describe, expect, it } from "vitest";
import { ProviderError, toProviderError } from "./provider-error.ts";

const cause = new Error("text nobody vouches for");
const error = new ProviderError({
  code: "rate_limited",
  message: "slow down",
  origin: "upstream",
  failure: "answered",
  upstreamStatus: 429,
  retryAfterMs: 1_500,
  cause,
});

describe("a provider error", () => {
  it("is an Error with its code, its origin and its cause", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ProviderError",
      message: "slow down",
      code: "rate_limited",
      origin: "upstream",
      cause,
    });
  });

  it("says everything but the cause in JSON", () => {
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        code: "rate_limited",
        message: "slow down",
        origin: "upstream",
        failure: "answered",
        upstreamStatus: 429,
        retryAfterMs: 1_500,
      },
    });
  });

  it("with more known about it is another error with the same cause", () => {
    const more = error.with({ providerId: "acme", message: "redacted" });
    expect(more).toMatchObject({
      code: "rate_limited",
      message: "redacted",
      cause,
      facts: { providerId: "acme" },
    });
    expect(error).toMatchObject({ message: "slow down" });
    expect(error.facts).not.toHaveProperty("providerId");
  });
});

describe("anything thrown", () => {
  it("is itself when it is a provider error", () => {
    expect(toProviderError(error)).toBe(error);
  });

  it.each([cause, "text", undefined, null, { code: "rate_limited" }])(
    "else is our own failure: %s",
    (thrown) => {
      const internal = toProviderError(thrown);
      expect(internal).toMatchObject({ code: "internal", origin: "router" });
      expect(JSON.stringify(internal)).not.toContain("text");
    },
  );
});
