import type { Router } from "@perilune/core";
import type { Endpoint } from "./endpoint.ts";

/** `GET /health/targets`: which deployments and credentials are out, since when, until when, and why. */
export function targetHealth(router: Router): Endpoint[] {
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
          JSON.stringify(router.health()),
        );
        return Promise.resolve();
      },
    },
  ];
}
