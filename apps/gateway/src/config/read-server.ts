import type { ShapedConfig } from "./check-shape.ts";
import { type ServerConfig, serverDefaults } from "./gateway-config.ts";
import { milliseconds } from "./milliseconds.ts";
import type { ReadingContext } from "./reading-context.ts";
import { withoutUndefined } from "./without-undefined.ts";

const bytesPerMegabyte = 1024 * 1024;

/** The HTTP server; the size limit may stand in LiteLLM's place instead. */
export function readServer(
  { server, generalSettings }: Pick<ShapedConfig, "server" | "generalSettings">,
  { log }: ReadingContext,
): ServerConfig {
  const own = server.max_request_size_mb;
  const litellm = generalSettings.max_request_size_mb;
  if (own !== undefined && litellm !== undefined && own !== litellm) {
    const message = "differs from server.max_request_size_mb, which means the same; keep one of them";
    log.error(["general_settings", "max_request_size_mb"], { message });
  }
  const megabytes = own ?? litellm;
  return withoutUndefined({
    host: server.host,
    port: server.port,
    maxRequestBytes:
      megabytes === undefined ? serverDefaults.maxRequestBytes : Math.floor(megabytes * bytesPerMegabyte),
    shutdownGraceMs: milliseconds(server.shutdown_grace_seconds) ?? serverDefaults.shutdownGraceMs,
  });
}
