import { startMoonshotSimulator } from "@perilune/moonshot-simulator";
import type { MoonshotSimulator, MoonshotSimulatorOptions } from "@perilune/moonshot-simulator";
import { buildGateway } from "../src/build-gateway.ts";
import { override } from "../src/composition-root.ts";
import { formatProblem } from "../src/config/format-problem.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { createLogger } from "../src/logger.ts";
import { installedAdapters, knowledgeOf } from "../src/providers.ts";
import { LOGGER } from "../src/tokens.ts";
import { callerKey, exampleConfig, masterKey, operatorKey } from "./example-config.ts";

export interface TestGatewayOptions {
  readonly simulator?: MoonshotSimulatorOptions;
  /** Beside the provider's key and address, and the master key; undefined takes one of them away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A gateway in this process, with the example configuration and a simulated Moonshot behind it. */
export interface TestGateway extends AsyncDisposable {
  /** The origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly simulator: MoonshotSimulator;
  /** Everything logged so far, parsed. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(
    await startMoonshotSimulator({ apiKeys: [operatorKey, callerKey], ...options.simulator }),
  );
  const environment = {
    MOONSHOT_API_KEY: operatorKey,
    MOONSHOT_API_BASE: `${simulator.url}/v1`,
    PERILUNE_MASTER_KEY: masterKey,
    ...options.environment,
  };
  const logLines: Readonly<Record<string, unknown>>[] = [];
  const logger = createLogger({ write: (line) => void logLines.push(JSON.parse(line)) });
  const gateway = buildGateway({
    config: readExampleConfig(environment),
    environment,
    overrides: [override(LOGGER, logger)],
  });
  started.defer(() => gateway.close(1_000));
  const { url } = await gateway.listen(0, "127.0.0.1");
  const whatToClose = started.move();
  return { url, simulator, logLines, [Symbol.asyncDispose]: () => whatToClose.disposeAsync() };
}

function readExampleConfig(environment: Readonly<Record<string, string | undefined>>) {
  const result = loadConfig({
    path: "config.yaml",
    readFile: () => exampleConfig,
    environment,
    providers: installedAdapters.map(knowledgeOf),
  });
  if (result.ok) return result.config;
  throw new Error(`The configuration was refused:\n${result.problems.map(formatProblem).join("\n")}`);
}
