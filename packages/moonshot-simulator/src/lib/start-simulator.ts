import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { errorBody } from "./errors.ts";
import type { ReceivedRequest } from "./ledger.ts";
import { serveRequest } from "./serve-request.ts";
import { createSimulation, type MoonshotSimulatorOptions } from "./simulation.ts";

export interface MoonshotSimulator extends AsyncDisposable {
  /** The origin, such as `http://127.0.0.1:40123`; the API is under `/v1`. */
  readonly url: string;
  /** Every request so far, in the order of arrival; an answer's record grows while it is sent. */
  readonly requests: readonly ReceivedRequest[];
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

// nginx keeps idle connections for 75 s; node's default of 5 s makes clients race against it.
const keepAliveMs = 75_000;

/** Starts a local Moonshot. Rejects when the port cannot be had. */
export async function startMoonshotSimulator(
  options: MoonshotSimulatorOptions = {},
): Promise<MoonshotSimulator> {
  const simulation = createSimulation(options);
  const requests: ReceivedRequest[] = [];
  const ledgerSize = options.ledgerSize ?? Number.POSITIVE_INFINITY;
  const record = (entry: ReceivedRequest) => {
    requests.push(entry);
    if (requests.length > ledgerSize) requests.shift();
  };
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (message, response) => {
    serveRequest(simulation, message, response, record).catch((error: unknown) => confess(response, error));
  });
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  const close = () => closeServer(server);
  return { url: originOf(server), requests, close, [Symbol.asyncDispose]: close };
}

/** A mistake in the simulator or in a hook it was given must show itself and not hang; a client that left sees nothing. */
function confess(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  response.writeHead(500, { "Content-Type": "application/json; charset=utf-8" });
  response.end(errorBody({ status: 500, type: "server_error", message: `the simulator failed: ${reason}` }));
}

function originOf(server: Server): string {
  const address = server.address();
  // Only a server on a pipe has a name instead of an address.
  if (address === null || typeof address === "string") throw new TypeError("not listening on a port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
