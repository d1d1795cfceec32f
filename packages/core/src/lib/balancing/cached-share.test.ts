import { expect, it } from "vitest";
import { CachedShare } from "./cached-share.ts";

const used = (prompt: number, cached?: number) => ({
  prompt_tokens: prompt,
  completion_tokens: 1,
  total_tokens: prompt + 1,
  ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
});

it("counts on no cache before one was reported", () => {
  const share = new CachedShare();
  share.observe(used(100));
  expect(share.expected).toBe(0);
});

it("starts with the first report and follows the later ones slowly", () => {
  const share = new CachedShare();
  share.observe(used(100, 80));
  expect(share.expected).toBe(0.8);
  share.observe(used(100, 0));
  expect(share.expected).toBeCloseTo(0.72, 10);
});

it.each([
  ["an empty prompt", used(0, 0)],
  ["usage without a word on the cache", used(100)],
])("learns nothing from %s", (_, usage) => {
  const share = new CachedShare();
  share.observe(used(100, 50));
  share.observe(usage);
  expect(share.expected).toBe(0.5);
});

it("never expects more than everything", () => {
  const share = new CachedShare();
  share.observe(used(100, 250));
  expect(share.expected).toBe(1);
});
