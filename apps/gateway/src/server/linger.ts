import type { Socket } from "node:net";
import type { Clock } from "@perilune/core";

/**
 * Ends our half of the connection and drops what still comes in, until the client closes its half or `lingerMs` passed.
 * Closing at once would reset the connection under a client that is still sending, and with it lose our last answer.
 */
export function linger(socket: Socket, clock: Clock, lingerMs: number): void {
  socket.end();
  socket.resume();
  const cancel = clock.after(lingerMs, () => socket.destroy());
  socket.once("close", cancel);
}
