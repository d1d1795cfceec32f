import { describe, expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import { cheapest } from "./cheapest.ts";
import { seededDraws } from "./seeded-draws.ts";

const costs = (nano: number) => ({ price: { kind: "known", nano, currency: "usd" } as const });

describe("cheapest", () => {
  it("puts the lowest price first and a price nobody knows last, however it is unknown", () => {
    const candidates = [
      candidate("not estimated"),
      candidate("dear", costs(9_000_000)),
      candidate("unknown", { price: { kind: "unknown", reason: "no price in USD is known for acme-9" } }),
      candidate("cheap", costs(1_500_000)),
      candidate("free", costs(0)),
    ];
    for (let seed = 0; seed < 20; seed++) {
      const ranked = cheapest(candidates, {}, seededDraws(seed));
      expect(ranked.slice(0, 3).map(({ candidate: one }) => one.id)).toEqual(["free", "cheap", "dear"]);
      expect(new Set(ranked.slice(3).map(({ candidate: one }) => one.id))).toEqual(
        new Set(["not estimated", "unknown"]),
      );
    }
  });

  it("names the estimate, or why there is none", () => {
    const reasons = cheapest(
      [
        candidate("a", costs(1_500_000)),
        candidate("b", { price: { kind: "unknown", reason: "no price in USD is known for acme-9" } }),
      ],
      {},
      seededDraws(1),
    ).map(({ reason }) => reason);
    expect(reasons).toEqual(["about 0.001500 USD for this request", "no price in USD is known for acme-9"]);
  });
});
