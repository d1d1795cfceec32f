/*
 * What a decision costs: planning one request over a group of targets, health, load and prices included.
 * Prints the median and the range of several rounds; read it as an order of magnitude on a noisy machine.
 *
 * pnpm bench:plan [targets]
 */
import { LeaseBook } from "../packages/core/src/lib/balancing/lease.ts";
import { expectedUse, TargetState } from "../packages/core/src/lib/balancing/target-state.ts";
import { systemClock } from "../packages/core/src/lib/clock.ts";
import { groupOf } from "../packages/core/src/lib/routing/group-of.ts";
import { noRetry } from "../packages/core/src/lib/routing/leaf-settings.ts";
import { planRoute } from "../packages/core/src/lib/routing/plan-route.ts";
import { moonshot } from "../packages/provider-moonshot/src/index.ts";

const count = Number(process.argv[2] ?? 100);
const rounds = 15;
const plansPerRound = 500;

const provider = moonshot({ apiKey: "sk-benchmark" });
const deployments = Array.from({ length: count }, (_, index) => ({
  id: `target-${index}`,
  provider,
  modelId: "kimi-k3",
  weight: 1 + (index % 3),
  credentialOwner: "operator" as const,
}));
const request = {
  model: "chat",
  messages: [{ role: "user" as const, content: "Hello, moon. ".repeat(150) }],
};
const facts = { metadata: {}, params: request, headers: {}, url: { pathname: "/v1/chat/completions" } };
const targets = new TargetState(systemClock, Math.random, new LeaseBook());

for (const kind of ["weighted", "least_in_flight", "peak_latency", "usage_headroom", "cheapest"] as const) {
  const group = groupOf(deployments, "model_list", noRetry);
  if (group?.kind !== "loadbalance") throw new Error("a benchmark of one target measures nothing");
  const root = { ...group, strategy: { kind } };
  const perPlanUs = Array.from({ length: rounds }, (_, round) => {
    const startMs = performance.now();
    for (let plan = 0; plan < plansPerRound; plan++) {
      planRoute(root, facts, expectedUse(request), targets, round * plansPerRound + plan);
    }
    return ((performance.now() - startMs) * 1000) / plansPerRound;
  }).toSorted((a, b) => a - b);
  const [median, least, most] = [perPlanUs[rounds >> 1], perPlanUs[0], perPlanUs.at(-1)];
  const figures = [median, least, most].map((figure) => (figure ?? 0).toFixed(1));
  process.stdout.write(
    `${kind}: ${figures[0]} us a plan over ${count} targets (${figures[1]} to ${figures[2]})\n`,
  );
}
