import type { RequestHead } from "./read-request.ts";

/**
 * - `pending`: not over yet.
 * - `answered`: every byte of the answer was given to the operating system.
 * - `cut`: the script ended the connection before that, by FIN or RST.
 * - `client_gone`: the client closed before that; its FIN counts, as nothing tells it from a half-close.
 * - `server_closed`: the server was closed before that.
 */
export type Outcome = "pending" | "answered" | "cut" | "client_gone" | "server_closed";

/** A request as a behaviour sees it. */
export interface ReceivedRequest {
  /** Counts requests over the server's life, from 1. */
  readonly number: number;
  /** Counts connections over the server's life, from 1. */
  readonly connection: number;
  readonly method: string;
  readonly path: string;
  /** Names in lower case; repeated fields joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received: order, case and duplicates. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  /** Transfer coding removed; at most `keepBodyBytes` of it. */
  readonly body: Buffer;
}

/** What is known of one request; a live view until its outcome is final. */
export interface LedgerEntry extends ReceivedRequest {
  /** All that arrived, kept or not. */
  readonly bodyBytes: number;
  readonly bodyComplete: boolean;
  /** Response bytes the operating system took, headers and transfer coding included. */
  readonly bytesSent: number;
  readonly outcome: Outcome;
  /** Milliseconds of the server's clock. */
  readonly times: {
    readonly headMs: number;
    readonly bodyMs?: number;
    readonly firstByteMs?: number;
    readonly endMs?: number;
  };
}

export type OpenEntry = { -readonly [Key in keyof LedgerEntry]: LedgerEntry[Key] };

/** A new entry for a request whose head has arrived. */
export function openEntry(head: RequestHead, number: number, connection: number, headMs: number): OpenEntry {
  return {
    number,
    connection,
    method: head.method,
    path: head.path,
    headers: head.headers,
    rawHeaders: head.rawHeaders,
    body: Buffer.alloc(0),
    bodyBytes: 0,
    bodyComplete: false,
    bytesSent: 0,
    outcome: "pending",
    times: { headMs },
  };
}
