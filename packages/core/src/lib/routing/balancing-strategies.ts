import type { LoadbalanceStrategy } from "./route-plan.ts";

/** LiteLLM's names for how to choose among equals; also what `strategy.balance` takes. */
export const balancingStrategies: Readonly<Record<string, LoadbalanceStrategy>> = {
  "simple-shuffle": { kind: "weighted" },
  "least-busy": { kind: "least_in_flight" },
  "latency-based-routing": { kind: "peak_latency" },
  "usage-based-routing": { kind: "usage_headroom" },
  "usage-based-routing-v2": { kind: "usage_headroom" },
  "cost-based-routing": { kind: "cheapest" },
};

/** The strategy of that name; not of a name such as "constructor". */
export function balancingStrategy(name: string): LoadbalanceStrategy | undefined {
  return Object.hasOwn(balancingStrategies, name) ? balancingStrategies[name] : undefined;
}
