import type { Usage } from "../contract/usage.ts";

/** How much one answer changes the expectation. */
const weightOfOne = 0.1;

/** The share of a prompt a target is expected to read from its cache: a moving average of what it reported. */
export class CachedShare {
  #share: number | undefined;

  /** Usage that does not mention the cache says nothing about it. */
  observe({ prompt_tokens: prompt, prompt_tokens_details: details }: Usage): void {
    const cached = details?.cached_tokens;
    if (cached === undefined || !(prompt > 0)) return;
    const share = Math.min(1, Math.max(0, cached / prompt));
    this.#share = this.#share === undefined ? share : this.#share + (share - this.#share) * weightOfOne;
  }

  /** 0 until the first report: a cache nobody has seen is not counted on. */
  get expected(): number {
    return this.#share ?? 0;
  }
}
