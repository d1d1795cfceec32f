import type { ErrorCode } from "../contract/provider-error.ts";
import type { CountByErrorName, LitellmDeployment, LitellmRoutingInput } from "./litellm-routing-input.ts";
import { defaultMinimumRequests } from "./read-leaf-settings.ts";
import type { BreakerRule, RetryPolicy } from "./route-plan.ts";

/** LiteLLM's own figures (its source, 1.81): used where a file says nothing. */
const defaultRetries = 2;
const defaultCooldownMs = 5_000;
const defaultFailureRate = 0.5;

/** LiteLLM sorts errors by status into few classes; ours are finer. An engine overload came as its 429. */
const codesByName: Readonly<Record<string, readonly ErrorCode[]>> = {
  BadRequest: ["invalid_request", "unsupported", "request_too_large"],
  Authentication: ["authentication", "permission_denied"],
  Timeout: ["attempt_timeout"],
  RateLimit: ["rate_limited", "overloaded"],
  ContentPolicyViolation: ["content_filtered"],
  InternalServer: ["upstream_error", "connection_failed", "invalid_response"],
};

type CountByCode = Readonly<Partial<Record<ErrorCode, number>>>;

function countByCode(counts: CountByErrorName, change: (count: number) => number): CountByCode {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      (codesByName[name] ?? []).map((code) => [code, change(count)] as const),
    ),
  );
}

/** `num_retries` of the deployment, else the policy of its model, else the policy of all, else `num_retries` of all. */
export function retryPolicyOf(entry: LitellmDeployment, input: LitellmRoutingInput): RetryPolicy {
  const counts = input.retriesByModelAndError[entry.modelName] ?? input.retriesByError;
  const byCode = entry.retries === undefined && counts ? countByCode(counts, (count) => count) : undefined;
  return {
    retries: entry.retries ?? input.retries ?? defaultRetries,
    ...(byCode !== undefined && { byCode }),
    honourRetryAfter: true,
    ...(input.retryAfterMs !== undefined && { minimumWaitMs: input.retryAfterMs }),
  };
}

/** Undefined where the file says nothing about cooldowns. */
export function breakerRuleOf(
  entry: LitellmDeployment,
  input: LitellmRoutingInput,
): BreakerRule | "never" | undefined {
  if (input.disableCooldowns) return "never";
  const { allowedFails } = input;
  const byError = entry.allowedFailsByError ?? input.allowedFailsByError;
  const cooldownMs = entry.cooldownMs ?? input.cooldownMs;
  if (allowedFails === undefined && byError === undefined && cooldownMs === undefined) return undefined;
  return {
    // So many failures are allowed; the next one opens it.
    ...(allowedFails === undefined
      ? { failureRate: defaultFailureRate }
      : { failureThreshold: allowedFails + 1 }),
    ...(byError !== undefined && { failureThresholdByCode: countByCode(byError, (count) => count + 1) }),
    minimumRequests: defaultMinimumRequests,
    cooldownMs: cooldownMs ?? defaultCooldownMs,
  };
}
