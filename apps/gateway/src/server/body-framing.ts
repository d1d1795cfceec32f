import { RequestRefusal } from "./request-refusal.ts";

/** How the end of a request's body is known. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" };

export interface MessageHead {
  readonly method: string;
  readonly httpVersion: string;
  /** By lower-case name, repetitions already refused. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Name or address with an optional port; the underscore is no host name, but container networks use it. */
const hostPattern = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Decides where a request ends, and throws RequestRefusal (400, 417, 501) on whatever Node's parser accepts although
 * two readers could disagree on it. Observed on Node 24.21: it takes an invalid Host, `Transfer-Encoding: gzip, chunked`
 * and a chunked body in HTTP/1.0.
 */
export function bodyFraming(head: MessageHead): BodyFraming {
  if (head.httpVersion !== "1.1" && head.httpVersion !== "1.0") {
    throw new RequestRefusal(400, "unsupported_http_version", `HTTP/${head.httpVersion} is not spoken here.`);
  }
  checkHost(head.headers["host"]);
  const framing = framingOf(head.headers);
  if (framing.kind !== "none") checkBodyAllowed(head);
  checkExpectation(head.headers["expect"]);
  return framing;
}

function checkHost(host: string | undefined): void {
  if (host === undefined || !hostPattern.test(host)) {
    throw new RequestRefusal(400, "invalid_host", "The request needs exactly one valid Host header.", "host");
  }
}

function framingOf(headers: Readonly<Record<string, string>>): BodyFraming {
  const transferEncoding = headers["transfer-encoding"];
  if (transferEncoding !== undefined) {
    if (transferEncoding.toLowerCase() === "chunked") return { kind: "chunked" };
    const message = "The only transfer coding of a request body is chunked.";
    throw new RequestRefusal(501, "unsupported_transfer_encoding", message, "transfer-encoding");
  }
  // The parser has refused everything but digits.
  const bytes = Number(headers["content-length"] ?? 0);
  return bytes === 0 ? { kind: "none" } : { kind: "length", bytes };
}

function checkBodyAllowed({ method, httpVersion }: MessageHead): void {
  if (httpVersion === "1.0") {
    throw new RequestRefusal(400, "unsupported_http_version", "A request with a body needs HTTP/1.1.");
  }
  // A body without meaning is what smuggled requests travel in.
  if (method === "GET" || method === "HEAD") {
    throw new RequestRefusal(400, "unexpected_body", `A ${method} request has no body.`);
  }
}

function checkExpectation(expect: string | undefined): void {
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") {
    throw new RequestRefusal(
      417,
      "unsupported_expectation",
      "The only expectation is 100-continue.",
      "expect",
    );
  }
}
