import type { Availability } from "../balancing/candidate.ts";
import type { ErrorCode } from "../contract/provider-error.ts";
import type { BreakerRule } from "../routing/route-plan.ts";
import type { HealthOutcome } from "./health-outcome.ts";

/** Whose health is asked about. */
export interface HealthTarget {
  readonly deploymentId: string;
  /**
   * Name of the credential, never the key: deployments that share a key share its fate. Absent for a key that
   * belongs to a caller, whose mistakes concern nobody else.
   */
  readonly credentialId?: string;
  /** Absent: the default rule. `never`: its failures keep nobody away; a refused credential still does. */
  readonly rule?: BreakerRule | "never";
}

/**
 * Who may be asked, and what was learned by asking. Every method answers at once, from memory: a store shared
 * by several machines keeps a copy up to date in the background, and takes the lease for a probe before it
 * shows this machine `probe`.
 */
export interface HealthStore {
  availability(target: HealthTarget): Availability;
  /** Lets one attempt through, as the probe if one is due. Never more than was available at this moment. */
  admit(target: HealthTarget): Admission;
  /** What is known, for people. */
  report(): HealthReport;
}

export type Admission =
  | { readonly kind: "admitted"; readonly permit: HealthPermit }
  | { readonly kind: "refused"; readonly availability: Extract<Availability, { state: "out" }> };

/** The promise to say how an attempt went. Settled exactly once; a second time is a bug and throws. */
export interface HealthPermit {
  readonly isProbe: boolean;
  /** The first meaningful chunk is here. Enough for a probe: a stream can take minutes to end. */
  began(): void;
  settle(outcome: HealthOutcome): void;
}

export interface HealthReport {
  readonly targets: readonly HealthEntry[];
  readonly credentials: readonly HealthEntry[];
}

export interface HealthEntry {
  /** The deployment's or the credential's. */
  readonly id: string;
  /** `paused`: it asked for it. `out`: it failed. `probe_due`: the next request finds out; `probing`: one does. */
  readonly state: "available" | "paused" | "out" | "probe_due" | "probing";
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Milliseconds since the epoch; present for `paused` and `out`. */
  readonly untilMs?: number;
  /** The error that did it. */
  readonly reason?: ErrorCode;
}
