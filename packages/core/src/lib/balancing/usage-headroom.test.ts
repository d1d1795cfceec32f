import { expect, it } from "vitest";
import { candidate } from "../../../test/candidate.ts";
import { seededDraws } from "./seeded-draws.ts";
import { mostHeadroom } from "./usage-headroom.ts";

it("puts the target with the largest share of its limits left first, and one without limits before it", () => {
  const ranked = mostHeadroom(
    [
      candidate("nearly full", { usageHeadroom: 0.05 }),
      candidate("half", { usageHeadroom: 0.5 }),
      candidate("unlimited"),
    ],
    {},
    seededDraws(1),
  );
  expect(ranked.map(({ candidate: one, reason }) => [one.id, reason])).toEqual([
    ["unlimited", "no usage limit"],
    ["half", "50 % of its limits left"],
    ["nearly full", "5 % of its limits left"],
  ]);
});
