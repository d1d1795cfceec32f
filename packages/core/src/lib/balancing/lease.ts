import type { ErrorCode } from "../contract/provider-error.ts";
import type { StreamOutcome } from "../stream/stream-progress.ts";

/** How an attempt ended, as balancers and breakers need to know it. */
interface LeaseOutcome {
  readonly outcome: StreamOutcome;
  readonly errorCode?: ErrorCode;
}

/** The promise to say how an attempt ended. Settled exactly once; a second time is a bug and throws. */
export interface Lease {
  settle(outcome: LeaseOutcome): void;
}

/** Attempts under way per deployment. */
export class LeaseBook {
  readonly #inFlight = new Map<string, number>();

  take(deploymentId: string): Lease {
    this.#inFlight.set(deploymentId, this.inFlight(deploymentId) + 1);
    let isSettled = false;
    return {
      settle: () => {
        if (isSettled) throw new Error(`The lease on ${deploymentId} was settled twice.`);
        isSettled = true;
        this.#release(deploymentId);
      },
    };
  }

  inFlight(deploymentId: string): number {
    return this.#inFlight.get(deploymentId) ?? 0;
  }

  #release(deploymentId: string): void {
    const left = this.inFlight(deploymentId) - 1;
    if (left === 0) this.#inFlight.delete(deploymentId);
    else this.#inFlight.set(deploymentId, left);
  }
}
