import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyFraming } from "./body-framing.ts";
import { collectHeaders } from "./collect-headers.ts";
import type { HttpLimits } from "./http-limits.ts";
import { InboundBody } from "./inbound-body.ts";
import { parseTarget, type RequestTarget } from "./parse-target.ts";
import { RequestRefusal } from "./request-refusal.ts";

/** A request whose framing, target and headers can be read in one way only. */
export interface InboundRequest {
  /** Ours, new for every request; the client's trace id is not unique. */
  readonly id: string;
  readonly method: string;
  /** As it was sent, percent-encoding included, and safe to compare: see parseTarget. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  header(name: string): string | undefined;
  /** By lower-case name, without prototype. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted with ClientGone or ShuttingDown when the answer cannot be finished; silent once it was. */
  readonly signal: AbortSignal;
  readonly remoteAddress: string;
  /**
   * The whole body. Throws RequestRefusal: 413 before more than the limit is held, 415 for a compressed body, 400 for one
   * that ends early, 503 when a shutdown does not wait for the rest.
   */
  readBody(limitBytes: number): Promise<Buffer>;
  /** The body as it arrives; the client is read no faster than the iteration. Throws as `readBody`, but never 413. */
  bodyStream(): AsyncIterable<Uint8Array>;
}

export interface AcceptMeans {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly limits: HttpLimits;
  readonly outgoing: ServerResponse;
}

/** Reads what Node's parser let through a second time, strictly. Throws RequestRefusal. */
export function acceptRequest(incoming: IncomingMessage, means: AcceptMeans): AcceptedRequest {
  if (incoming.rawHeaders.length / 2 > means.limits.maxHeaderCount) {
    throw new RequestRefusal(
      431,
      "too_many_headers",
      `More than ${means.limits.maxHeaderCount} headers were sent.`,
    );
  }
  const { method = "", url = "", httpVersion } = incoming;
  const target = parseTarget(url, means.limits.maxTargetBytes);
  const headers = collectHeaders(incoming.rawHeaders);
  const framing = bodyFraming({ method, httpVersion, headers });
  const awaitsContinue = headers["expect"] !== undefined && framing.kind !== "none";
  const body = new InboundBody({
    incoming,
    framing,
    contentEncoding: headers["content-encoding"],
    signal: means.signal,
    sendContinue: awaitsContinue ? () => means.outgoing.writeContinue() : undefined,
  });
  const remoteAddress = incoming.socket.remoteAddress ?? "";
  return new AcceptedRequest({
    id: means.id,
    method,
    target,
    headers,
    signal: means.signal,
    remoteAddress,
    body,
  });
}

interface AcceptedParts {
  readonly id: string;
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly remoteAddress: string;
  readonly body: InboundBody;
}

export class AcceptedRequest implements InboundRequest {
  readonly #parts: AcceptedParts;
  #query: URLSearchParams | undefined;

  constructor(parts: AcceptedParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.id;
  }

  get method(): string {
    return this.#parts.method;
  }

  get path(): string {
    return this.#parts.target.path;
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#parts.target.query));
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#parts.headers;
  }

  get signal(): AbortSignal {
    return this.#parts.signal;
  }

  get remoteAddress(): string {
    return this.#parts.remoteAddress;
  }

  get hasLeftOverBody(): boolean {
    return this.#parts.body.isLeftOver;
  }

  header(name: string): string | undefined {
    return this.#parts.headers[name];
  }

  readBody(limitBytes: number): Promise<Buffer> {
    return this.#parts.body.read(limitBytes);
  }

  bodyStream(): AsyncIterable<Uint8Array> {
    return this.#parts.body.stream();
  }
}
