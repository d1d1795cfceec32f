import fc from "fast-check";
import { describe, it } from "vitest";
import type { ProviderError } from "../src/lib/contract/provider-error.ts";
import { createRouter } from "../src/lib/create-router.ts";
import type { AttemptRecord } from "../src/lib/execution/attempt-record.ts";
import { noRetry } from "../src/lib/routing/leaf-settings.ts";
import { leavesOf } from "../src/lib/routing/route-leaves.ts";
import type { RouteNode, SingleNode } from "../src/lib/routing/route-plan.ts";
import { acme } from "./acme-provider.ts";
import { ScriptedTransport } from "./scripted-transport.ts";
import type { Step } from "./scripted-transport.ts";
import { completeStream, frames } from "./stream-frames.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";
import { TransportError } from "../src/transport.ts";

/** Runs in `pnpm test`, and in `pnpm test:deep`. */
const runs = process.env["PERILUNE_DEEP"] === undefined ? 10_000 : 200_000;

const reset = new TransportError("reset", "sent_unknown", "closed the connection");
const refused = new TransportError("refused", "not_sent", "could not connect");
const waitMs = 3_000;

/** What a provider does to one attempt. `answers`: whether the caller gets the whole of it. */
const behaviours = {
  answers: [{ head: 200 }, { data: completeStream }, "end"],
  refuses: [{ error: refused }],
  resets: [{ error: reset }],
  breaks: [{ head: 200 }, { data: frames.content("Hel") }, { error: reset }],
  says429: [{ head: 429, headers: { "retry-after": String(waitMs / 1000) } }, "end"],
  says500: [{ head: 500 }, "end"],
  says400: [{ head: 400 }, "end"],
  says401: [{ head: 401 }, "end"],
  endsEmpty: [{ head: 200 }, "end"],
  errorsInStream: [{ head: 200 }, { data: frames.role + frames.error }, "end"],
  stalls: [{ head: 200 }],
} satisfies Record<string, Step[]>;
type Behaviour = keyof typeof behaviours;
const behaviourNames = Object.keys(behaviours) as Behaviour[];

const leaf: fc.Arbitrary<SingleNode> = fc
  .record({ name: fc.nat(5), retries: fc.nat(3) })
  .map(({ name, retries }) => ({
    kind: "single",
    path: `t${name}`,
    retry: { ...noRetry, retries },
    deployment: {
      id: `target-${name}`,
      provider: acme({ baseUrl: `https://t${name}.test/v1` }),
      modelId: "acme-1",
      weight: 1,
      credentialOwner: "operator",
      timeouts: { firstTokenMs: 2_000, idleMs: 1_000, attemptMs: 10_000 },
    },
  }));

const tree: fc.Arbitrary<RouteNode> = fc.letrec<{ node: RouteNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthIdentifier: "route" },
    leaf,
    fc
      .array(tie("node"), { minLength: 1, maxLength: 3 })
      .map((children): RouteNode => ({ kind: "fallback", path: "f", on: { kind: "table" }, children })),
    fc
      .record({
        statuses: fc.subarray([400, 401, 429, 500, 502]),
        children: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
      })
      .map(({ statuses, children }): RouteNode => ({
        kind: "fallback",
        path: "s",
        on: { kind: "statuses", statuses },
        children,
      })),
    fc
      .array(fc.record({ node: tie("node"), weight: fc.integer({ min: 0, max: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((children): RouteNode => ({
        kind: "loadbalance",
        path: "l",
        strategy: { kind: "weighted" },
        children,
      })),
  ),
})).node;

interface Case {
  readonly route: RouteNode;
  readonly script: readonly Behaviour[];
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly mayRepeatUncertain: boolean;
  readonly seed: number;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  route: tree,
  script: fc.array(fc.constantFrom(...behaviourNames), { minLength: 1, maxLength: 8 }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  timeoutMs: fc.constantFrom(1_500, 8_000, 60_000),
  mayRepeatUncertain: fc.boolean(),
  seed: fc.nat(),
});

interface Run {
  readonly records: readonly AttemptRecord[];
  readonly sentAtMs: readonly number[];
  readonly outcome: "answered" | ProviderError;
  readonly inFlight: number;
  readonly pendingTimers: number;
}

async function run({ route, script, seed, ...limits }: Case): Promise<Run> {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(clock, ...script.map((name) => behaviours[name]));
  const sentAtMs: number[] = [];
  const dispatchOriginal = transport.dispatch.bind(transport);
  transport.dispatch = (request, receiver) => {
    sentAtMs.push(clock.nowMs());
    return dispatchOriginal(request, receiver);
  };
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const router = createRouter({ clock, transport, random });
  const records: AttemptRecord[] = [];
  const reading = (async () => {
    const stream = await router.chat(
      { model: "acme/acme-1", messages: [{ role: "user", content: "Hi" }], stream: true },
      { route, ...limits, onAttempt: (record) => records.push(record) },
    );
    for await (const _ of stream);
    return "answered" as const;
  })().catch((error: unknown) => error as ProviderError);
  for (let step = 0; step < 80; step++) await clock.advance(1_000);
  await settled();
  const ids = new Set(leavesOf<SingleNode>(route).map(({ deployment }) => deployment.id));
  const inFlight = [...ids].reduce((sum, id) => sum + router.inFlight(id), 0);
  return { records, sentAtMs, outcome: await reading, inFlight, pendingTimers: clock.pending };
}

function broken(
  example: Case,
  { records, sentAtMs, outcome, inFlight, pendingTimers }: Run,
): string | undefined {
  if (records.length > example.maxAttempts) return "more attempts than the budget";
  if (sentAtMs.length > records.length) return "an attempt without a record";
  if (inFlight !== 0) return "a lease is not settled";
  if (pendingTimers !== 0) return "a timer is left";
  const complete = records.filter((record) => record.outcome === "complete");
  if (outcome === "answered" && (complete.length !== 1 || records.at(-1) !== complete[0]))
    return "answered, but not by the last attempt";
  if (outcome !== "answered" && complete.length > 0) return "an error although an attempt was complete";
  const committed = records.findIndex(({ error }) => error?.facts.failure === "committed");
  if (committed !== -1 && committed !== records.length - 1) return "an attempt after the commit";
  for (const [index, record] of records.entries()) {
    const next = records[index + 1];
    if (next === undefined) break;
    const isUncertain = record.error?.facts.failure === "sent_unknown";
    if (isUncertain && !example.mayRepeatUncertain) return "repeated what may have been done already";
    if (isUncertain !== (next.possibleDoubleCharge === true)) return "a possible double charge is not marked";
    const wait = record.error?.facts.retryAfterMs;
    const endedAtMs = record.startedAtMs + record.durationMs;
    if (
      wait !== undefined &&
      next.deploymentId === record.deploymentId &&
      next.startedAtMs < endedAtMs + wait
    )
      return "asked again before Retry-After";
  }
  if (outcome !== "answered" && records.length === 0 && outcome.facts.failure !== "not_sent")
    return "no attempt, yet sent";
  return undefined;
}

describe("any route, whatever its providers do", () => {
  it("keeps its budget, its promises and its books", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (example) => {
        const problem = broken(example, await run(example));
        if (problem !== undefined) throw new Error(problem);
      }),
      { numRuns: runs },
    );
  });
});
