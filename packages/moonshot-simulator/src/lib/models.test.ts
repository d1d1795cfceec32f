import { expect, it } from "vitest";
import { availableModels } from "./models.ts";

const idsOn = (day: string) => availableModels(new Date(day)).map((model) => model.id);

it("has the six live models on 2026-11-22", () => {
  expect(idsOn("2026-11-22").toSorted()).toEqual([
    "kimi-k2.6",
    "kimi-k2.7-code",
    "kimi-k2.7-code-highspeed",
    "kimi-k3",
    "kimi-k3.1-pro",
    "kimi-k3.1-pro-highspeed",
  ]);
});

it("retires moonshot-v1 and kimi-k2.5 on 2026-08-31 at 16:00", () => {
  expect(idsOn("2026-08-31T15:59:59Z")).toEqual(expect.arrayContaining(["moonshot-v1-8k", "kimi-k2.5"]));
  expect(idsOn("2026-08-31T16:00:00Z")).not.toEqual(expect.arrayContaining(["moonshot-v1-8k"]));
});

it("does not know a model before its release", () => {
  expect(idsOn("2026-07-15")).not.toContain("kimi-k3");
  expect(idsOn("2026-07-16")).toContain("kimi-k3");
});

it("knows every documented model when no day is given", () => {
  expect(availableModels(undefined).map((model) => model.id)).toEqual(
    expect.arrayContaining(["kimi-k3.1-pro", "kimi-latest", "kimi-thinking-preview", "moonshot-v1-8k-0430"]),
  );
});
