/** A first token costs a fixed part besides the prompt: network, queue, scheduling. Counted as this many tokens. */
const fixedCostInTokens = 1_000;

/** How fast a measurement loses its say. */
const decayMs = 10_000;

/** A measurement that has faded to this share says nothing any more. */
const forgottenShare = 0.01;

export interface FirstTokenSample {
  /** From sending to the first meaningful chunk; for an attempt that failed waiting, how long it waited. */
  readonly firstTokenMs: number;
  /** Prompt tokens the provider did not read from its cache. */
  readonly uncachedPromptTokens: number;
}

/**
 * How long a target makes one wait for the first token, per uncached prompt token. Sensitive to peaks: a worse
 * sample counts at once and in full, a better one only bit by bit, and without samples it fades until the
 * target is worth a try again (the "peak EWMA" of Twitter's Finagle).
 *
 * Total time is never used: it measures how much the model said, not how well the target is.
 */
export class LatencyEstimate {
  #value = 0;
  #atMs = 0;

  observe(nowMs: number, { firstTokenMs, uncachedPromptTokens }: FirstTokenSample): void {
    const sample = firstTokenMs / (Math.max(0, uncachedPromptTokens) + fixedCostInTokens);
    if (!Number.isFinite(sample) || sample < 0) return;
    const keep = this.#keep(nowMs);
    this.#value = sample >= this.#value * keep ? sample : this.#value * keep + sample * (1 - keep);
    this.#atMs = nowMs;
  }

  /** Milliseconds per uncached prompt token; undefined when nothing was measured, or nothing lately. */
  msPerToken(nowMs: number): number | undefined {
    const keep = this.#keep(nowMs);
    return this.#value > 0 && keep > forgottenShare ? this.#value * keep : undefined;
  }

  #keep(nowMs: number): number {
    return Math.exp(-Math.max(0, nowMs - this.#atMs) / decayMs);
  }
}
