import { z } from "zod";
import { errorCodes } from "../contract/provider-error.ts";
import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt } from "./route-problem.ts";

/*
 * The shapes of one node; its targets are nodes again and read on their own. Error texts complete "expected ...".
 * Unknown keys are looked for apart from this, so that they never hide another mistake.
 */

const text = z.string({ error: "text" }).min(1, "text that is not empty");
const flag = z.boolean({ error: "true or false" });
const parameters = z.record(z.string(), z.unknown(), { error: "a map of parameters" });

function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const error = `a whole number ${range}`;
  return z.int({ error }).min(least, error).max(most, error);
}

function list<Item extends z.ZodType>(item: Item, error: string) {
  return z.array(item, { error });
}

const statuses = list(whole(100, 599), "a list of HTTP statuses");

export const retrySchema = z.looseObject(
  {
    attempts: whole(0, 5),
    on_status_codes: statuses.optional(),
    use_retry_after_header: flag.optional(),
    use_retry_after_headers: flag.optional(),
  },
  { error: 'a map such as {"attempts": 3}' },
);

export const circuitBreakerSchema = z.looseObject(
  {
    failure_threshold: whole(1).optional(),
    failure_threshold_percentage: z
      .number({ error: "a percentage from 1 to 100" })
      .min(1, "a percentage from 1 to 100")
      .max(100, "a percentage from 1 to 100")
      .optional(),
    minimum_requests: whole(1).optional(),
    cooldown_interval: whole(30_000).optional(),
    failure_status_codes: statuses.optional(),
  },
  { error: 'a map such as {"failure_threshold": 5, "cooldown_interval": 60000}' },
);

export const stickySchema = z.looseObject(
  {
    enabled: flag.optional(),
    hash_fields: list(text, "a list of fields such as metadata.user").optional(),
    ttl: whole(1).optional(),
  },
  { error: 'a map such as {"enabled": true, "hash_fields": ["metadata.user"]}' },
);

export const conditionSchema = z.looseObject(
  // oxlint-disable-next-line unicorn/no-thenable -- Portkey's word for where a condition leads; never awaited.
  { query: z.unknown(), then: text },
  { error: 'a map such as {"query": {...}, "then": "name"}' },
);

const strategyModes = ["single", "fallback", "loadbalance", "conditional"] as const;

export const strategySchema = z.looseObject(
  {
    mode: z.enum(strategyModes, { error: `one of ${strategyModes.join(", ")}` }).optional(),
    on_status_codes: statuses.optional(),
    on_error_codes: list(
      z.enum(errorCodes, { error: `one of ${errorCodes.join(", ")}` }),
      "a list of error codes",
    ).optional(),
    conditions: list(conditionSchema, "a list of conditions").min(1, "at least one condition").optional(),
    default: text.optional(),
    sticky: stickySchema.optional(),
    balance: text.optional(),
    cb_config: circuitBreakerSchema.optional(),
  },
  { error: 'a map such as {"mode": "fallback"}' },
);

export const nodeSchema = z.looseObject(
  {
    strategy: strategySchema.optional(),
    targets: list(z.unknown(), "a list of targets").min(1, "at least one target").optional(),
    name: text.optional(),
    // Its range is checked where it is used.
    weight: z.number({ error: "a number of at least 0" }).optional(),
    retry: retrySchema.optional(),
    cb_config: circuitBreakerSchema.optional(),
    request_timeout: whole(1).optional(),
    override_params: parameters.optional(),
    default_params: parameters.optional(),
    drop_params: list(text, "a list of parameter names").optional(),
    custom_host: text.optional(),
    forward_headers: list(text, "a list of header names").optional(),
    provider: text.optional(),
    api_key: text.optional(),
    virtual_key: text.optional(),
    passthrough: flag.optional(),
    target: text.optional(),
  },
  { error: "a map of settings" },
);

export type ConfigNode = z.infer<typeof nodeSchema>;
export type ConfigStrategy = z.infer<typeof strategySchema>;

/** The keys of a node that both spellings share. */
export const sharedNodeKeys = [
  "strategy",
  "targets",
  "name",
  "weight",
  "retry",
  "cb_config",
  "request_timeout",
  "override_params",
  "default_params",
  "drop_params",
] as const;

/** Schema issues as problems below `place`. Values are not repeated: they may be keys. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  place: Place,
): RouteProblem[] {
  return issues.map((issue) => {
    const steps = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const found = steps.reduce<unknown>(
      // Only read to name its type; what is not there is undefined.
      (inner, step) => (inner as Readonly<Record<string | number, unknown>> | null | undefined)?.[step],
      value,
    );
    const got = found === undefined ? "missing, expected" : `expected`;
    const but = found === undefined ? "" : `, got ${typeName(found)}`;
    return problemAt([...place, ...steps], `${got} ${issue.message}${but}`);
  });
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? "other text" : "a map";
}
