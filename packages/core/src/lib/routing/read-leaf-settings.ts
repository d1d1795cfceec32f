import { checkKeys } from "./check-keys.ts";
import type { LeafSettings } from "./leaf-settings.ts";
import { parseParameterPath } from "./parse-parameter-path.ts";
import { circuitBreakerSchema, retrySchema } from "./portkey-config-schema.ts";
import type { ConfigNode } from "./portkey-config-schema.ts";
import type { DroppedParameter } from "./request-changes.ts";
import type { BreakerRule, RetryPolicy } from "./route-plan.ts";
import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt } from "./route-problem.ts";

/** Requests a failure rate needs before it means anything; Portkey's own default. */
export const defaultMinimumRequests = 5;
const defaultCooldownMs = 30_000;

/** What a node says for the targets below it. */
export function readLeafSettings(node: ConfigNode, place: Place, problems: RouteProblem[]): LeafSettings {
  const retry = readRetry(node.retry, [...place, "retry"], problems);
  const breaker = readNearestBreaker(node, place, problems);
  return {
    ...(retry !== undefined && { retry }),
    ...(breaker !== undefined && { breaker }),
    ...(node.request_timeout !== undefined && { timeoutMs: node.request_timeout }),
    changes: {
      defaults: readParameters(node.default_params, [...place, "default_params"], problems),
      overrides: readParameters(node.override_params, [...place, "override_params"], problems),
      drops: readDrops(node.drop_params, [...place, "drop_params"], problems),
    },
  };
}

/** The header option has two spellings: one in Portkey's schema, one in its guide. */
function readRetry(
  retry: ConfigNode["retry"],
  place: Place,
  problems: RouteProblem[],
): RetryPolicy | undefined {
  if (retry === undefined) return undefined;
  problems.push(...checkKeys(retry, place, Object.keys(retrySchema.shape)));
  const { use_retry_after_header: one, use_retry_after_headers: other } = retry;
  if (one !== undefined && other !== undefined && one !== other) {
    const message = "contradicts use_retry_after_header; keep one of the two spellings";
    problems.push(problemAt([...place, "use_retry_after_headers"], message));
  }
  return {
    retries: retry.attempts,
    ...(retry.on_status_codes !== undefined && { onStatuses: retry.on_status_codes }),
    honourRetryAfter: one ?? other ?? true,
  };
}

/** Portkey's schema has it on the node, its gateway reads it in the strategy. */
function readNearestBreaker(
  node: ConfigNode,
  place: Place,
  problems: RouteProblem[],
): BreakerRule | undefined {
  const outer = readBreaker(node.cb_config, [...place, "cb_config"], problems);
  return readBreaker(node.strategy?.cb_config, [...place, "strategy", "cb_config"], problems) ?? outer;
}

function readBreaker(
  breaker: ConfigNode["cb_config"],
  place: Place,
  problems: RouteProblem[],
): BreakerRule | undefined {
  if (breaker === undefined) return undefined;
  problems.push(...checkKeys(breaker, place, Object.keys(circuitBreakerSchema.shape)));
  const { failure_threshold: threshold, failure_threshold_percentage: percentage } = breaker;
  if (threshold === undefined && percentage === undefined) {
    problems.push(problemAt(place, "needs failure_threshold or failure_threshold_percentage"));
  }
  return {
    ...(threshold !== undefined && { failureThreshold: threshold }),
    ...(percentage !== undefined && { failureRate: percentage / 100 }),
    minimumRequests: breaker.minimum_requests ?? defaultMinimumRequests,
    cooldownMs: breaker.cooldown_interval ?? defaultCooldownMs,
    ...(breaker.failure_status_codes !== undefined && { failureStatuses: breaker.failure_status_codes }),
  };
}

function readParameters(
  parameters: Readonly<Record<string, unknown>> = {},
  place: Place,
  problems: RouteProblem[],
): Readonly<Record<string, unknown>> {
  // Whether an answer is streamed is a promise to the client, which reads it in the way it asked for.
  if (Object.hasOwn(parameters, "stream")) {
    problems.push(problemAt([...place, "stream"], "comes with every request and cannot be set by a route"));
  }
  return parameters;
}

const neededParameters: ReadonlySet<string> = new Set(["model", "messages", "stream"]);

function readDrops(
  texts: readonly string[] = [],
  place: Place,
  problems: RouteProblem[],
): DroppedParameter[] {
  return texts.flatMap((text, index) => {
    const path = parseParameterPath(text);
    if (path !== undefined && !(path.length === 1 && neededParameters.has(text))) return [{ text, path }];
    const message =
      path === undefined
        ? `${JSON.stringify(text)} is not a parameter or a path such as tools[*].function.strict`
        : `no request works without ${text}`;
    problems.push(problemAt([...place, index], message));
    return [];
  });
}
