import type { Deployment, HealthReport, Router } from "@perilune/core";
import type { Endpoint } from "./endpoint.ts";

/** `GET /health/targets`: which deployments and credentials are out, since when, until when, and why. */
export function targetHealth(router: Router, deployments: readonly Deployment[]): Endpoint[] {
  return [
    {
      name: "health.targets",
      method: "GET",
      path: "/health/targets",
      access: "key",
      serve: ({ responder, headers, log }) => {
        log.status = 200;
        responder.send(
          200,
          { ...headers, "content-type": "application/json" },
          JSON.stringify(ownTargets(router.health(), deployments)),
        );
        return Promise.resolve();
      },
    },
  ];
}

/** What callers' keys and names have left behind is nobody else's business. */
function ownTargets(
  { targets, credentials }: HealthReport,
  deployments: readonly Deployment[],
): HealthReport {
  const isOwn = (id: string) => deployments.some((each) => id === each.id || id.startsWith(`${each.id}:`));
  return { targets: targets.filter(({ id }) => isOwn(id)), credentials };
}
