import type { IncomingMessage } from "node:http";

/** One request on its way through an endpoint. */
export interface Exchange {
  readonly message: IncomingMessage;
  readonly method: string;
  /** The path without its query. */
  readonly pathname: string;
  readonly apiKey: string;
  readonly body: Buffer;
  readonly json: unknown;
}
