import type { PriceEstimate } from "./price-estimate.ts";

/** What is known about one possible target at the moment of a decision. Read once; a decision never looks again. */
export interface Candidate<Target = unknown> {
  /** Stable and unique among the candidates: a deployment's id, or the path of a node. */
  readonly id: string;
  readonly target: Target;
  /** Share of the traffic; anything but a positive number takes none. */
  readonly weight: number;
  readonly availability: Availability;
  readonly inFlight: number;
  /** Expected wait for the first token, per uncached prompt token; absent when nothing was measured lately. */
  readonly firstTokenMsPerToken?: number;
  /** Share of its rpm/tpm left once this request is counted; below 0 it does not fit. Absent: no limit. */
  readonly usageHeadroom?: number;
  /** What this request is expected to cost there. */
  readonly price?: PriceEstimate;
}

/** Whether a target may be asked now. Times are the clock's `nowMs`. */
export type Availability =
  /** `share` below 1: just recovered, and given only that part of the traffic it would get. */
  | { readonly state: "available"; readonly share: number }
  /** Its cooldown is over: the next attempt is the one that finds out. */
  | { readonly state: "probe" }
  | { readonly state: "out"; readonly reason: OutReason; readonly untilMs: number };

export type OutReason =
  | "failing"
  /** Another request is finding out; `untilMs` is now, as nobody knows when it will have. */
  | "being_probed"
  | "rate_limited"
  | "credential_out";

export const available: Availability = { state: "available", share: 1 };
