import { describe, expect, it } from "vitest";
import { acme, acmeAdapter, acmeKey } from "../../../test/acme-provider.ts";
import { ScriptedTransport } from "../../../test/scripted-transport.ts";
import type { Step } from "../../../test/scripted-transport.ts";
import { acmeDeployment, ChatTrial } from "../../../test/try-chat.ts";
import { VirtualClock } from "../../../test/virtual-clock.ts";
import { createRouter } from "../create-router.ts";
import type { RouterOptions } from "../create-router.ts";
import type { Deployment } from "../routing/deployment.ts";
import type { AttemptRecord } from "./attempt-record.ts";

const answer: Step[] = [
  { head: 200 },
  { data: '{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}' },
  "end",
];
const messages = [{ role: "user" as const, content: "Hi" }];

function routerOver(script: readonly Step[], options: Partial<RouterOptions> = {}) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(clock, script);
  return { clock, transport, router: createRouter({ clock, transport, random: numbers(7), ...options }) };
}

/** Numbers in [0, 1) that look random and are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const weighted = (id: string, weight: number): Deployment => ({ ...acmeDeployment, id, weight });

describe("a model nobody serves", () => {
  it.each([
    ["acme-3", "routes", 'The model "acme-3" is not configured here. Did you mean "acme-1" or "acme-2"?'],
    ["zebra", "routes", 'The model "zebra" is not configured here.'],
    [
      "akme/acme-1",
      "providers",
      'The model "akme/acme-1" is not configured here. Did you mean "acme/acme-1" or "acme/acme-2"?',
    ],
    [
      "acme/",
      "providers",
      'The model "acme/" is not configured here. Did you mean "acme/acme-1" or "acme/acme-2" or "acme/acme-large"?',
    ],
  ])("%s (%s) is told so, with the names it could have been", async (model, source, message) => {
    const routes = { routeOf: () => undefined, candidates: () => [], names: () => ["acme-1", "acme-2"] };
    const { router, clock } = routerOver([], source === "routes" ? { routes } : { providers: [acme()] });
    await expect(router.dispatch({ model, messages }, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: "model_not_found",
      message,
      facts: { origin: "caller", failure: "not_sent", parameter: "model" },
    });
    expect(clock.pending).toBe(0);
  });

  it("with a name of megabytes costs nothing, and its name is not repeated in full", async () => {
    const { router } = routerOver([], { providers: [acme()] });
    const model = "acme-".repeat(1_000_000);
    const startMs = performance.now();
    const failure = await router.dispatch({ model, messages }).catch((error: unknown) => error as Error);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect((failure as Error).message).toMatch(/^The model "(acme-){20}…" is not configured here\.$/u);
  });

  it("because every weight is 0 is told that, and no timer is left", async () => {
    const { router, clock } = routerOver([], {});
    const candidates = [weighted("a", 0), weighted("b", 0)];
    const options = { candidates, timeoutMs: 1_000 };
    await expect(router.dispatch({ model: "m", messages }, options)).rejects.toMatchObject({
      code: "model_not_found",
      message: 'No deployment of the model "m" takes traffic: every weight is 0, or no condition holds.',
    });
    expect(clock.pending).toBe(0);
  });
});

describe("deployments of one name", () => {
  it("share the traffic by weight, and weight 0 takes none", async () => {
    const { router } = routerOver(answer);
    const candidates = [weighted("three", 3), weighted("none", 0), weighted("one", 1)];
    const taken = new Map<string, number>();
    const total = 4_000;
    for (let count = 0; count < total; count++) {
      const { deployment } = await router.dispatch({ model: "m", messages }, { candidates });
      taken.set(deployment.id, (taken.get(deployment.id) ?? 0) + 1);
    }
    const deviation = (id: string, expected: number) => ((taken.get(id) ?? 0) - expected) ** 2 / expected;
    // Chi-square with one degree of freedom: 10.8 is met by chance once in a thousand.
    expect(deviation("three", total * 0.75) + deviation("one", total * 0.25)).toBeLessThan(10.8);
    expect(taken.has("none")).toBe(false);
  });

  it("fail over to each other before the name counts as failed, each asked once", async () => {
    const { router, transport } = routerOver([{ head: 500 }, "end"]);
    const candidates = [weighted("a", 1), weighted("b", 1), weighted("c", 1)];
    const asked: string[] = [];
    const onAttempt = ({ deploymentId }: AttemptRecord) => void asked.push(deploymentId);
    await expect(router.dispatch({ model: "m", messages }, { candidates, onAttempt })).rejects.toMatchObject({
      code: "upstream_error",
    });
    expect(asked.toSorted()).toEqual(["a", "b", "c"]);
    expect(transport.calls.length).toBe(3);
  });
});

describe("an attempt", () => {
  it("is in flight until it ends", async () => {
    const { router, clock } = routerOver([{ waitMs: 10 }, ...answer], { providers: [acme()] });
    const answering = router.chat({ model: "acme/acme-1", messages });
    await clock.advance(9);
    expect(router.inFlight("acme/acme-1")).toBe(1);
    await clock.advance(1);
    await answering;
    expect(router.inFlight("acme/acme-1")).toBe(0);
  });

  it("is told of in order, with the adjustments of the deployment and of the adapter", async () => {
    const records: AttemptRecord[] = [];
    const { router } = routerOver(answer);
    const candidates = [{ ...acmeDeployment, defaults: { top_p: 0.5 }, dropParameters: ["seed"] }];
    const dispatched = await router.dispatch(
      { model: "m", messages, temperature: 2, seed: 1 },
      { candidates, onAttempt: (record) => records.push(record) },
    );
    const parameters = ["top_p", "seed", "temperature"];
    expect(dispatched.adjustments.map(({ parameter }) => parameter)).toEqual(parameters);
    expect(records.map(({ adjustments }) => adjustments)).toEqual([dispatched.adjustments]);
  });

  it("carries the key in the provider's header, to the configured origin, and the provider's model id", async () => {
    const { router, transport } = routerOver(answer, {
      providers: [acme({ baseUrl: "http://127.0.0.1:9/base/v1" })],
    });
    await router.chat({ model: "acme/any/id", messages, x_unknown: [1] });
    expect(transport.requests[0]).toMatchObject({
      origin: "http://127.0.0.1:9",
      path: "/base/v1/chat/completions",
      headers: { authorization: `Bearer ${acmeKey}` },
    });
    expect(JSON.parse(transport.requests[0]?.body as string)).toEqual({
      model: "any/id",
      messages,
      x_unknown: [1],
    });
  });

  it("never takes the key elsewhere, whatever path an adapter names", async () => {
    for (const path of ["@evil.test/x", "//..", "/../../x", "/x\r\nhost: evil.test", ":81/x"]) {
      const adapter = {
        ...acmeAdapter,
        chat: {
          ...acmeAdapter.chat,
          encodeRequest: () => ({ method: "POST" as const, path, headers: {}, body: {}, adjustments: [] }),
        },
      };
      const trial = new ChatTrial(answer, { deployment: { provider: acme({ adapter }) } });
      expect(await trial.ending()).toMatchObject({ code: "internal", facts: { failure: "not_sent" } });
      expect(trial.transport.calls).toEqual([]);
    }
  });
});
