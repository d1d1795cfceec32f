import { composeGateway } from "./composition-root.ts";
import type { Parts } from "./composition-root.ts";
import { LIFECYCLE, ROUTER, SERVER } from "./tokens.ts";

export interface Gateway {
  /** Port 0 takes any free one. */
  listen(port: number, host: string): Promise<{ port: number; url: string }>;
  /** Stops accepting, lets what is under way finish for at most `graceMs`, then closes everything, in order. */
  close(graceMs?: number): Promise<void>;
}

/** One gateway from a configuration. Resolves what it needs once; nothing keeps the container. */
export function buildGateway(given: Parts): Gateway {
  const parts = composeGateway(given);
  const server = parts.resolve(SERVER);
  const router = parts.resolve(ROUTER);
  const lifecycle = parts.resolve(LIFECYCLE);
  return {
    listen: (port, host) => server.listen(port, host),
    close: async (graceMs = given.config.server.shutdownGraceMs) => {
      lifecycle.isDraining = true;
      await server.shutdown(graceMs);
      await router.close();
    },
  };
}
