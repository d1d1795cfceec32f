import { startMoonshotSimulator } from "@perilune/moonshot-simulator";

/** A gateway to try out: a simulated Moonshot in this process, and what to type next. */
export interface Demo extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string | undefined>>;
  greeting(url: string): string;
}

export async function startDemo(): Promise<Demo> {
  const simulator = await startMoonshotSimulator({ tokenDelayMs: 20 });
  return {
    environment: { MOONSHOT_API_KEY: "sk-demo", MOONSHOT_API_BASE: `${simulator.url}/v1` },
    greeting,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function greeting(url: string): string {
  return `
Demo mode: neither --config nor MOONSHOT_API_KEY was given, so answers come from a simulated Moonshot. Try:

  curl -N ${url}/v1/chat/completions -H "Content-Type: application/json" \\
    -d '{"model":"kimi-k3","stream":true,"messages":[{"role":"user","content":"Hello, moon"}]}'
`;
}
