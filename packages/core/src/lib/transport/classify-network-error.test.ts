import { describe, expect, it } from "vitest";
import { classifyNetworkError } from "./classify-network-error.ts";

const failing = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

describe("a network error", () => {
  it.each([
    ["ENOTFOUND", "refused", "not_sent"],
    ["EAI_AGAIN", "refused", "not_sent"],
    ["ECONNREFUSED", "refused", "not_sent"],
    ["EHOSTUNREACH", "refused", "not_sent"],
    ["CERT_HAS_EXPIRED", "refused", "not_sent"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "refused", "not_sent"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "refused", "not_sent"],
    ["ETIMEDOUT", "connect_timeout", "not_sent"],
    ["UND_ERR_CONNECT_TIMEOUT", "connect_timeout", "not_sent"],
    ["UND_ERR_INVALID_ARG", "unsendable", "not_sent"],
    ["UND_ERR_CLOSED", "closed", "not_sent"],
    ["UND_ERR_HEADERS_TIMEOUT", "headers_timeout", "sent_unknown"],
    ["UND_ERR_BODY_TIMEOUT", "idle_timeout", "sent_unknown"],
    ["UND_ERR_HEADERS_OVERFLOW", "protocol", "sent_unknown"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "protocol", "sent_unknown"],
    ["HPE_INVALID_CONSTANT", "protocol", "sent_unknown"],
    ["HPE_INVALID_CHUNK_SIZE", "protocol", "sent_unknown"],
    ["ECONNRESET", "reset", "sent_unknown"],
    ["EPIPE", "reset", "sent_unknown"],
    ["UND_ERR_SOCKET", "reset", "sent_unknown"],
    ["UND_ERR_DESTROYED", "reset", "sent_unknown"],
    ["ESOMETHINGNEW", "reset", "sent_unknown"],
  ])("%s is %s, %s", (code, fault, failure) => {
    const error = classifyNetworkError(failing(code));
    expect(error).toMatchObject({ fault, failure });
    expect(error.message).toContain(`(${code})`);
  });

  it.each(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"])(
    "%s on an open connection may have been sent",
    (code) => {
      expect(classifyNetworkError(failing(code, { syscall: "connect" })).failure).toBe("not_sent");
      expect(classifyNetworkError(failing(code, { syscall: "read" })).failure).toBe("sent_unknown");
      expect(classifyNetworkError(failing(code, { syscall: "write" })).failure).toBe("sent_unknown");
    },
  );

  it("of undici's parser without a code is a protocol error", () => {
    const error = Object.assign(new Error("not HTTP"), { name: "HTTPParserError", code: undefined });
    expect(classifyNetworkError(error)).toMatchObject({ fault: "protocol", failure: "sent_unknown" });
  });

  it("of several addresses is told by the first", () => {
    const several = new AggregateError([failing("ECONNREFUSED"), failing("ENETUNREACH")]);
    expect(classifyNetworkError(several)).toMatchObject({ fault: "refused", failure: "not_sent" });
  });

  it("is told by its cause when it has no code of its own", () => {
    const wrapped = new Error("failed", { cause: failing("ECONNREFUSED") });
    expect(classifyNetworkError(wrapped)).toMatchObject({ failure: "not_sent", cause: wrapped });
  });

  it.each([undefined, null, "text", new Error("no code"), {}])(
    "of an unknown kind (%s) may have been sent",
    (error) => {
      expect(classifyNetworkError(error)).toMatchObject({
        fault: "reset",
        failure: "sent_unknown",
        message: "closed the connection before the answer was complete",
      });
    },
  );
});
