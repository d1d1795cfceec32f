import { type Server as HttpServer } from "node:http";
import { Server as NetServer } from "node:net";
import type { ServerContext } from "./server-context.ts";

/**
 * Ends a server without cutting what can be finished: stops accepting, lets answers end within `graceMs`, asks the
 * remaining handlers for a last word, then closes whatever is left.
 *
 * Two of Node's own means are not used, both observed on Node 24.21. `http.Server.close()` stops the check of the request
 * timeouts, and half-sent requests would stay until the end of the grace. `closeIdleConnections()` takes a connection for
 * idle once its answer was handed over, and cuts the part of it that a slow client has not read yet.
 */
export async function drain(server: HttpServer, context: ServerContext, graceMs: number): Promise<void> {
  context.phase = "draining";
  const closed = stopListening(server);
  await quiet(context, graceMs, () => context.connections.size === 0);
  context.phase = "ending";
  for (const exchange of context.exchanges) exchange.shutDown();
  await quiet(context, context.limits.farewellMs, () => context.exchanges.size === 0);
  server.closeAllConnections();
  await closed;
  // Only now, for the timer of the request timeouts.
  server.close();
}

function stopListening(server: HttpServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  NetServer.prototype.close.call(server, () => resolve());
  return promise;
}

/** Closes idle connections until `isDone` or `limitMs` passed. */
async function quiet(context: ServerContext, limitMs: number, isDone: () => boolean): Promise<void> {
  const { clock, limits, connections } = context;
  const deadlineMs = clock.nowMs() + limitMs;
  for (;;) {
    for (const connection of connections) if (connection.isIdle) connection.destroy();
    const leftMs = deadlineMs - clock.nowMs();
    if (isDone() || leftMs <= 0) return;
    await new Promise<void>((resolve) => clock.after(Math.min(limits.drainPollMs, leftMs), resolve));
  }
}
