import type { CountByError } from "./gateway-config.ts";

/** `{ RateLimitErrorRetries: 3 }` as `{ RateLimit: 3 }`. */
export function readCountByError(policy: Readonly<Record<string, number | undefined>>): CountByError {
  const counts = Object.entries(policy).flatMap(([key, count]) =>
    count === undefined ? [] : [[key.replace(/Error(?:Retries|AllowedFails)$/u, ""), count] as const],
  );
  return Object.fromEntries(counts);
}
