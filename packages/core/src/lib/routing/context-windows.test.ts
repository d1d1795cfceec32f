import { expect, it } from "vitest";
import { fakeDeployment } from "../../../test/fake-deployment.ts";
import { whyNeverFits } from "./context-windows.ts";
import { noSettings, singleNode } from "./leaf-settings.ts";
import type { RouteNode } from "./route-plan.ts";

function group(...windows: (number | undefined)[]): RouteNode {
  const children = windows.map((window) => singleNode(fakeDeployment("d", window), "", noSettings));
  return { kind: "fallback", path: "", on: { kind: "table" }, children };
}

it.each([
  [[100], [200], undefined],
  [[100, 300], [200], undefined],
  [[300], [100, 400], undefined],
  [[100], [100], "its window of 100 tokens is not larger than 100"],
  [[300, 200], [100, 150], "its window of 150 tokens is not larger than 200"],
  [[undefined], [100], undefined],
  [[300], [100, undefined], undefined],
])("what outgrew windows of %j in windows of %j: %s", (from, to, why) => {
  expect(whyNeverFits(group(...from), group(...to))).toBe(why);
});
