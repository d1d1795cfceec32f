import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, type Random, systemClock, systemRandom } from "@perilune/core";
import { Connection } from "./connection.ts";
import { drain } from "./drain.ts";
import { defaultHttpLimits, type HttpLimits } from "./http-limits.ts";
import type { EncodeRefusal, RefusedRequest } from "./refusal-answer.ts";
import { RequestRefusal } from "./request-refusal.ts";
import type { RequestHandler, ServerContext } from "./server-context.ts";

export type { RequestHandler } from "./server-context.ts";

export interface HttpServerOptions {
  readonly handler: RequestHandler;
  readonly limits?: Partial<HttpLimits>;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Writes what the server answers itself, so that every error of the gateway has one shape. */
  readonly encodeRefusal: EncodeRefusal;
  /** Hears once of every request that the server answered itself; must not throw. */
  readonly onRefused: (request: RefusedRequest) => void;
  /** Hears of every error that is a mistake of ours; must not throw. */
  readonly onInternalError: (error: unknown, requestId: string) => void;
}

export interface HttpServer {
  /** Port 0 takes a free one. Rejects when the address cannot be bound. */
  listen(port: number, host: string): Promise<{ port: number; url: string }>;
  /** Takes at most `graceMs` plus the farewell; see drain. A second call joins the first, whatever its grace. */
  shutdown(graceMs: number): Promise<void>;
  /** Requests begun and not over, their answers' last bytes included. */
  readonly inFlight: number;
}

/** The one place that knows sockets: hands well-framed requests to the handler and answers every other one itself. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const context: ServerContext = {
    handler: options.handler,
    encodeRefusal: options.encodeRefusal,
    onRefused: options.onRefused,
    onInternalError: options.onInternalError,
    limits: { ...defaultHttpLimits, ...options.limits },
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    connections: new Set(),
    exchanges: new Set(),
    phase: "serving",
  };
  const server = configuredServer(context.limits);
  attach(server, context);
  let shutdown: Promise<void> | undefined;
  return {
    listen: (port, host) => listen(server, port, host),
    shutdown: (graceMs) => (shutdown ??= drain(server, context, graceMs)),
    get inFlight() {
      return context.exchanges.size;
    },
  };
}

function configuredServer(limits: HttpLimits): Server {
  const server = createServer({
    connectionsCheckingInterval: limits.connectionsCheckingIntervalMs,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // Ours to refuse, in our own words.
    requireHostHeader: false,
    noDelay: true,
  });
  // Node drops headers beyond the count without a word; one more than allowed shows that there were too many.
  server.maxHeadersCount = limits.maxHeaderCount + 1;
  // Node's timer restarts with every byte that moves, partial writes included: what a stalled reader does not cause.
  server.timeout = limits.writeStallMs;
  if (limits.maxConnections > 0) server.maxConnections = limits.maxConnections;
  return server;
}

function attach(server: Server, context: ServerContext): void {
  const connections = new WeakMap<object, Connection>();
  const connectionOf = (socket: object): Connection => {
    const connection = connections.get(socket);
    if (connection === undefined) throw new Error("a socket without a connection");
    return connection;
  };
  server.on("connection", (socket: Socket) => connections.set(socket, new Connection(socket, context)));
  for (const event of ["request", "checkContinue", "checkExpectation"] as const) {
    server.on(event, (incoming, outgoing) => connectionOf(incoming.socket).take(incoming, outgoing));
  }
  server.on("clientError", (error, socket) => connectionOf(socket).refuseInput(error));
  server.on("timeout", (socket) => connectionOf(socket).timedOut());
  server.on("connect", (_incoming, socket) => {
    // Node takes its own listeners off a tunnelled socket, the one for errors included.
    socket.on("error", () => undefined);
    const refusal = new RequestRefusal(405, "method_not_allowed", "This server is no proxy.");
    connectionOf(socket).refuse(refusal, "CONNECT");
  });
}

async function listen(server: Server, port: number, host: string): Promise<{ port: number; url: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, () => resolve());
  await promise;
  server.off("error", reject);
  // A TCP server's address is never the string of a pipe.
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { port: address.port, url: `http://${name}:${address.port}` };
}
