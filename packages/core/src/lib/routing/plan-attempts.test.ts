import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acmeDeployment } from "../../../test/try-chat.ts";
import { planAttempts } from "./plan-attempts.ts";

const weighted = (id: string, weight: number) => ({ ...acmeDeployment, id, weight });
const order = (weights: readonly number[], draws: readonly number[]) =>
  planAttempts({ candidates: weights.map((weight, index) => weighted(`d${index}`, weight)), draws });

describe("a plan", () => {
  it("is the same for the same inputs, and has every candidate once", () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), draw), { maxLength: 8 }), (candidates) => {
        const weights = candidates.map(([weight]) => weight);
        const draws = candidates.map(([, each]) => each);
        const plan = order(weights, draws);
        expect(order(weights, draws)).toEqual(plan);
        const ids = [
          ...plan.attempts.map(({ deployment }) => deployment.id),
          ...plan.excluded.map(({ deploymentId }) => deploymentId),
        ];
        expect(ids.toSorted()).toEqual(weights.map((_, index) => `d${index}`));
        expect(plan.attempts.every(({ deployment }) => deployment.weight > 0)).toBe(true);
      }),
    );
  });

  it("gives each candidate its own draw, whoever else is left out", () => {
    const ids = (plan: ReturnType<typeof planAttempts>) =>
      plan.attempts.map(({ deployment }) => deployment.id);
    expect(ids(order([1, 1, 1], [0.5, 0.9, 0.1]))).toEqual(["d2", "d0", "d1"]);
    expect(ids(order([0, 1, 1], [0.5, 0.9, 0.1]))).toEqual(["d2", "d1"]);
  });

  it("says why", () => {
    expect(order([1], [0]).attempts[0]?.reason).toBe("the only deployment");
    expect(order([1, 2], [0, 0]).attempts[0]?.reason).toBe("weighted random choice");
    expect(order([0, Number.NaN, -1], [0, 0, 0])).toEqual({
      attempts: [],
      excluded: ["d0", "d1", "d2"].map((deploymentId) => ({ deploymentId, reason: "weight 0" })),
    });
  });
});
