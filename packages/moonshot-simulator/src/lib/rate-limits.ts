import type { ApiProblem } from "./errors.ts";

/** What the whole organisation may do; an absent limit does not exist. */
export interface Limits {
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly tokensPerDay?: number;
}

export type Admission = { readonly release: () => void } | { readonly problem: ApiProblem };

interface Admitted {
  readonly atMs: number;
  readonly tokens: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The organisation's limits over all keys and models; a request weighs its prompt and the room it asks for. */
export class RateLimits {
  readonly #limits: Limits;
  #running = 0;
  #admitted: Admitted[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  admit(account: string, tokens: number, nowMs: number): Admission {
    this.#admitted = this.#admitted.filter(({ atMs }) => nowMs - atMs < dayMs);
    const reason = this.#refusal(tokens, nowMs);
    if (reason !== undefined)
      return { problem: rateLimited(`Your account ${account} request reached ${reason}`) };
    this.#running += 1;
    // Without limits nothing has to be remembered, and a benchmark would remember millions.
    if (Object.keys(this.#limits).length > 0) this.#admitted.push({ atMs: nowMs, tokens });
    return { release: this.#releaseOnce() };
  }

  #refusal(tokens: number, nowMs: number): string | undefined {
    const { concurrency, requestsPerMinute, tokensPerMinute, tokensPerDay } = this.#limits;
    const lastMinute = this.#admitted.filter(({ atMs }) => nowMs - atMs < minuteMs);
    if (concurrency !== undefined && this.#running >= concurrency)
      return `organization max concurrency: ${concurrency}, please try again after 1 seconds`;
    if (requestsPerMinute !== undefined && lastMinute.length >= requestsPerMinute)
      return `organization max RPM: ${requestsPerMinute}, please try again after ${secondsToWait(lastMinute, nowMs)} seconds`;
    const usedInMinute = tokens + weigh(lastMinute);
    if (tokensPerMinute !== undefined && usedInMinute > tokensPerMinute)
      return `organization TPM rate limit, current:${usedInMinute}, limit:${tokensPerMinute}`;
    const usedInDay = tokens + weigh(this.#admitted);
    if (tokensPerDay !== undefined && usedInDay > tokensPerDay)
      return `organization TPD rate limit, current:${usedInDay}, limit:${tokensPerDay}`;
    return undefined;
  }

  #releaseOnce(): () => void {
    let held = true;
    return () => {
      if (held) this.#running -= 1;
      held = false;
    };
  }
}

function weigh(admitted: readonly Admitted[]): number {
  return admitted.reduce((sum, { tokens }) => sum + tokens, 0);
}

function secondsToWait([oldest]: readonly Admitted[], nowMs: number): number {
  return oldest === undefined ? 1 : Math.max(1, Math.ceil((oldest.atMs + minuteMs - nowMs) / 1000));
}

function rateLimited(message: string): ApiProblem {
  return { status: 429, type: "rate_limit_reached_error", message };
}
