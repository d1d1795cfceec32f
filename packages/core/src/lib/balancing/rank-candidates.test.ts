import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import type { LoadbalanceStrategy } from "../routing/route-plan.ts";
import type { Availability, Candidate } from "./candidate.ts";
import { rankCandidates } from "./rank-candidates.ts";

const kinds: LoadbalanceStrategy["kind"][] = [
  "weighted",
  "least_in_flight",
  "peak_latency",
  "usage_headroom",
  "cheapest",
  "sticky",
];

const idsOf = (ranking: ReturnType<typeof rankCandidates<string>>) =>
  ranking.ranked.map((one) => one.candidate.id);

const availability = fc.constantFrom<Availability>(
  { state: "available", share: 1 },
  { state: "available", share: 0.3 },
  { state: "probe" },
  { state: "out", reason: "failing", untilMs: 9 },
);

const anyCandidates = fc.array(
  fc.record({ weight: fc.constantFrom(0, 1, 5), availability, inFlight: fc.nat({ max: 9 }) }),
  { maxLength: 9 },
);

describe.each(kinds)("ranking by %s", (kind) => {
  it("ranks or excludes everybody exactly once, and gives the same answer to the same question", () => {
    fc.assert(
      fc.property(anyCandidates, fc.integer(), (all, seed) => {
        const candidates = all.map((more, index) => candidate(`t${index}`, more));
        const ranking = rankCandidates(kind, candidates, { stickyKey: "k" }, seed);
        const seen = [...idsOf(ranking), ...ranking.excluded.map((one) => one.candidate.id)];
        expect(seen.toSorted()).toEqual(candidates.map(({ id }) => id).toSorted());
        expect(rankCandidates(kind, candidates, { stickyKey: "k" }, seed)).toEqual(ranking);
      }),
    );
  });

  it.each<[string, Partial<Candidate<string>>, string]>([
    ["without weight", { weight: 0 }, "weight 0"],
    [
      "whose breaker is open",
      { availability: { state: "out", reason: "failing", untilMs: 9 } },
      "it keeps failing and is left alone for a while",
    ],
    [
      "that somebody else is probing",
      { availability: { state: "out", reason: "being_probed", untilMs: 0 } },
      "another request is finding out whether it has recovered",
    ],
    [
      "that asked for a pause",
      { availability: { state: "out", reason: "rate_limited", untilMs: 9 } },
      "it asked to be left alone for a while",
    ],
    [
      "whose credential is out",
      { availability: { state: "out", reason: "credential_out", untilMs: 9 } },
      "its credential is refused or has no quota left",
    ],
    ["whose limits are used up", { usageHeadroom: -0.01 }, "its usage limits leave no room"],
  ])("leaves out a target %s, and says why", (_, more, reason) => {
    const ranking = rankCandidates(kind, [candidate("bad", more), candidate("good")], {}, 1);
    expect(idsOf(ranking)).toEqual(["good"]);
    expect(ranking.excluded.map((one) => [one.candidate.id, one.reason])).toEqual([["bad", reason]]);
  });

  it("gives a recovering target its share of the requests, and stands it last for the others", () => {
    const recovering = candidate("back", {
      availability: { state: "available", share: 0.1 },
      // Otherwise first by every strategy that looks.
      inFlight: 0,
      firstTokenMsPerToken: 0.01,
      price: { kind: "known", nano: 1, currency: "usd" },
    });
    const busy = candidate("steady", {
      weight: 1e-9,
      inFlight: 5,
      firstTokenMsPerToken: 1,
      usageHeadroom: 0.1,
      price: { kind: "known", nano: 9, currency: "usd" },
    });
    const firsts = Array.from(
      { length: 10_000 },
      (_, seed) => idsOf(rankCandidates(kind, [recovering, busy], { stickyKey: `k${seed}` }, seed))[0],
    );
    const share = firsts.filter((id) => id === "back").length / firsts.length;
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
  });

  it("gives everything to a recovering target when nobody else is there", () => {
    const recovering = candidate("back", { availability: { state: "available", share: 0.05 } });
    const firsts = Array.from({ length: 50 }, (_, seed) =>
      idsOf(rankCandidates(kind, [recovering], {}, seed)),
    );
    expect(firsts.every(([first]) => first === "back")).toBe(true);
  });
});
