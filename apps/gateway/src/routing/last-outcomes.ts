import { errorTable } from "@perilune/core";
import type { AttemptRecord, Deployment } from "@perilune/core";

export type LastOutcome =
  | { readonly status: "unknown" | "healthy" }
  | { readonly status: "unhealthy"; readonly errorCode: string };

/**
 * What the last attempt on each configured deployment showed, in memory only. What a caller's own key meets is
 * not kept: it says nothing of the operator's.
 */
export class LastOutcomes {
  readonly #byDeployment: Map<string, LastOutcome>;

  constructor(deployments: readonly Deployment[]) {
    this.#byDeployment = new Map(deployments.map(({ id }) => [id, { status: "unknown" }]));
  }

  note({ deploymentId, error, upstreamStatus }: AttemptRecord): void {
    if (!this.#byDeployment.has(deploymentId)) return;
    const hurts = error === undefined ? "no" : errorTable[error.code].hurtsHealth;
    if (error !== undefined && (hurts === "yes" || hurts === "credential_out")) {
      this.#byDeployment.set(deploymentId, { status: "unhealthy", errorCode: error.code });
    } else if (error === undefined || upstreamStatus !== undefined) {
      // An answer is a sign of health even when it is a refusal; a caller who left before it is none.
      this.#byDeployment.set(deploymentId, { status: "healthy" });
    }
  }

  of(deploymentId: string): LastOutcome {
    return this.#byDeployment.get(deploymentId) ?? { status: "unknown" };
  }
}
