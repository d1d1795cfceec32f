import { expect, it } from "vitest";
import { unknownModel } from "./unknown-model.ts";

it("a name of a page is cut in the message", () => {
  expect(unknownModel("m".repeat(5_000), []).message).toBe(
    `The model "${"m".repeat(100)}…" is not configured here.`,
  );
});
