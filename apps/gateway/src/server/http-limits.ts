/** What one client may take of the server. Times in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** From the first byte of a request (or the opening of a connection) to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body; the answer is not bounded by it. */
  readonly requestTimeoutMs: number;
  /** Idle time of a kept connection. Behind a load balancer it must exceed the balancer's own. */
  readonly keepAliveTimeoutMs: number;
  /** How often the two request timeouts are looked at: they fire up to this much late. */
  readonly connectionsCheckingIntervalMs: number;
  /** A client that takes none of the bytes waiting for it during this time is cut. */
  readonly writeStallMs: number;
  /** Request line and headers together. */
  readonly maxHeaderBytes: number;
  readonly maxHeaderCount: number;
  /** Path and query together. */
  readonly maxTargetBytes: number;
  /** Requests a client may send ahead of their answers on one connection. */
  readonly maxPipelinedRequests: number;
  /** Open connections, all clients together. 0 is no limit. */
  readonly maxConnections: number;
  /** How long a refused client's bytes are read and dropped, so that it gets to read its refusal. */
  readonly lingerMs: number;
  /** How often a shutdown looks for connections that became idle. */
  readonly drainPollMs: number;
  /** After the grace of a shutdown, the time for handlers to write a last word into their streams. */
  readonly farewellMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 5_000,
  connectionsCheckingIntervalMs: 1_000,
  writeStallMs: 60_000,
  maxHeaderBytes: 16 * 1024,
  maxHeaderCount: 200,
  maxTargetBytes: 8 * 1024,
  maxPipelinedRequests: 16,
  maxConnections: 0,
  lingerMs: 2_000,
  drainPollMs: 100,
  farewellMs: 500,
};
