import { startMoonshotSimulator } from "@perilune/moonshot-simulator";
import type { MoonshotSimulator, MoonshotSimulatorOptions } from "@perilune/moonshot-simulator";
import { buildGateway } from "../../src/build-gateway.ts";
import { override } from "../../src/composition-root.ts";
import type { Override } from "../../src/composition-root.ts";
import { loadConfigObject } from "../../src/config/load-config.ts";
import { createLogger } from "../../src/logger.ts";
import { installedAdapters, knowledgeOf } from "../../src/providers.ts";
import { LOGGER } from "../../src/tokens.ts";

export const providerKey = "sk-operator-provider-key";
export const masterKey = "sk-master-key-of-the-gateway";

export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly simulator: MoonshotSimulator;
  /** Every line of the log so far. */
  readonly logText: () => string;
  /** The log line of a request, once there are as many as asked for. */
  requestLines(count?: number): Promise<Record<string, unknown>[]>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(graceMs?: number): Promise<void>;
}

export interface TestGatewayOptions {
  readonly simulator?: MoonshotSimulatorOptions;
  /** Parts of the configuration file, beside a model list that serves every model of Moonshot. */
  readonly config?: Record<string, unknown>;
  /** Instead of the simulator's. */
  readonly baseUrl?: string;
  readonly overrides?: readonly Override[];
}

/** A whole gateway before a simulated Moonshot, both on loopback. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const simulator = await startMoonshotSimulator(options.simulator);
  const baseUrl = options.baseUrl ?? `${simulator.url}/v1`;
  const environment = { MOONSHOT_API_KEY: providerKey, MOONSHOT_API_BASE: baseUrl };
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => void lines.push(line) });
  const gateway = buildGateway({
    config: configOf(options.config ?? {}, environment),
    environment,
    overrides: [override(LOGGER, logger), ...(options.overrides ?? [])],
  });
  const { url, port } = await gateway.listen(0, "127.0.0.1");
  const send = (path: string, init: RequestInit) => fetch(url + path, { redirect: "manual", ...init });
  let closing: Promise<void> | undefined;
  const close = (graceMs = 0) => (closing ??= gateway.close(graceMs));
  return {
    url,
    port,
    simulator,
    logText: () => lines.join(""),
    requestLines: async (count = 1) => {
      const found = () =>
        lines
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .filter(({ msg }) => msg === "request");
      await until(() => found().length >= count);
      return found();
    },
    post: (path, body, headers = {}) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => send(path, { headers }),
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      await simulator.close();
    },
  };
}

function configOf(parts: Record<string, unknown>, environment: Record<string, string>) {
  const model_list = [
    {
      model_name: "chat",
      litellm_params: { model: "moonshot/moonshot-v1-8k" },
      model_info: { id: "chat-1" },
    },
    { model_name: "moonshot/*", litellm_params: { model: "moonshot/*" } },
    { model_name: "moonshot-v1-*", litellm_params: { model: "moonshot/moonshot-v1-*" } },
    { model_name: "kimi-*", litellm_params: { model: "moonshot/kimi-*" } },
  ];
  // One attempt, and no cooldown between tests' failures: what a test does not ask for does not happen.
  const router_settings = { num_retries: 0, disable_cooldowns: true };
  const result = loadConfigObject({ model_list, router_settings, ...parts }, "test", {
    environment,
    providers: installedAdapters.map(knowledgeOf),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** Waits for something to become true; throws after 5 s. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`still not true: ${isTrue.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const hello = { model: "chat", messages: [{ role: "user", content: "Hello, moon" }] };

export interface WireError {
  readonly error: { message: string; type: string; param: string | null; code: string };
}

export async function errorOf(response: Response): Promise<WireError["error"]> {
  const body = (await response.json()) as WireError;
  return body.error;
}
