import { isIPv4 } from "node:net";
import { buildGateway } from "../build-gateway.ts";
import type { GatewayConfig } from "../config/gateway-config.ts";
import { configFromEnvironment } from "../config/load-config.ts";
import type { ConfigResult } from "../config/load-config.ts";
import { isWeakMasterKey } from "../config/read-master-key.ts";
import { startDemo } from "../demo/start-demo.ts";
import { installedAdapters, knowledgeOf } from "../providers.ts";
import { readPort } from "./read-arguments.ts";
import type { Command } from "./read-arguments.ts";
import { readConfig, tell } from "./read-config.ts";
import type { Surroundings } from "./surroundings.ts";

type ServeCommand = Extract<Command, { kind: "serve" }>;

const defaultPort = 4000;
const loopback = "127.0.0.1";

/** Starts the gateway and stays until it is told to stop. */
export async function serve(command: ServeCommand, surroundings: Surroundings): Promise<number> {
  await using cleanup = new AsyncDisposableStack();
  const isDemo = command.config === undefined && !hasProviderKey(surroundings);
  const demo = isDemo ? cleanup.use(await startDemo()) : undefined;
  const environment = { ...surroundings.environment, ...demo?.environment };
  const result = chooseConfig(command, { ...surroundings, environment });
  tell(result, surroundings);
  if (!result.ok) return 1;
  const { config } = result;
  const port = command.port ?? config.server.port ?? portFromEnvironment(surroundings) ?? defaultPort;
  if (port === "invalid") {
    surroundings.complain(`PORT: expected a number from 0 to 65535, got "${environment["PORT"]}".`);
    return 2;
  }
  const host = chooseHost(command, config, surroundings);
  if (host === undefined) return 1;
  const gateway = buildGateway({ config, environment });
  cleanup.defer(() => gateway.close());
  try {
    const { url } = await gateway.listen(port, host);
    surroundings.print(`Perilune is listening on ${url}`);
    if (demo !== undefined) surroundings.print(demo.greeting(url));
  } catch (error) {
    surroundings.complain(
      `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
  await surroundings.stopped;
  return 0;
}

function hasProviderKey({ environment }: Surroundings): boolean {
  return installedAdapters.some(({ connection }) => (environment[connection.apiKeyVariable] ?? "") !== "");
}

function chooseConfig(command: ServeCommand, surroundings: Surroundings): ConfigResult {
  if (command.config !== undefined) return readConfig(command.config, surroundings);
  const { environment } = surroundings;
  return configFromEnvironment({ environment, providers: installedAdapters.map(knowledgeOf) });
}

/**
 * Without a key of its own the gateway would spend its operator's money for anybody who can reach it; with a
 * guessable one too, which is not started at all. Undefined: refused.
 */
function chooseHost(
  command: ServeCommand,
  config: GatewayConfig,
  surroundings: Surroundings,
): string | undefined {
  const wanted = command.host ?? config.server.host ?? loopback;
  const isLocal = isLoopback(wanted);
  if (config.masterKey !== undefined) {
    const isRefused = !isLocal && isWeakMasterKey(config.masterKey) && !config.permitWeakMasterKey;
    if (!isRefused) return wanted;
    surroundings.complain(
      `The master key is well known or shorter than 16 characters: not listening on ${wanted} with it. Choose a long random one.`,
    );
    return undefined;
  }
  surroundings.complain(
    isLocal
      ? "No general_settings.master_key is set: anybody on this machine may call, nobody else can."
      : `No general_settings.master_key is set: listening on ${loopback} only, not on ${wanted}.`,
  );
  return isLocal ? wanted : loopback;
}

/** A name may begin with "127." and lead anywhere. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** "invalid": set, and no port. */
function portFromEnvironment({ environment }: Surroundings): number | "invalid" | undefined {
  const text = environment["PORT"] ?? "";
  return text === "" ? undefined : (readPort(text) ?? "invalid");
}
