import type { Deployment } from "./deployment.ts";
import type { Place } from "./route-problem.ts";

/** LiteLLM's error names without their endings ("RateLimit") to a number. */
export type CountByErrorName = Readonly<Record<string, number>>;

/** One entry of `model_list`. Numbers are undefined where the file says nothing. */
export interface LitellmDeployment {
  /** `["model_list", 0]`. */
  readonly place: Place;
  /** The name clients ask for. */
  readonly modelName: string;
  readonly deployment: Deployment;
  readonly weight?: number;
  readonly order?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly retries?: number;
  readonly cooldownMs?: number;
  readonly allowedFailsByError?: CountByErrorName;
}

export interface LitellmFallbackRule {
  /** The list of targets: `["router_settings", "fallbacks", 0, "kimi-k3"]`. */
  readonly place: Place;
  /** A model name, or "*" for any. */
  readonly modelName: string;
  /** Model names or deployment ids, in this order. */
  readonly targets: readonly string[];
}

export interface LitellmAlias {
  readonly place: Place;
  readonly alias: string;
  readonly modelName: string;
  readonly hidden: boolean;
}

/** All of LiteLLM's settings that shape routes. */
export interface LitellmRoutingInput {
  readonly deployments: readonly LitellmDeployment[];
  /** The deployments behind a name that only a pattern matches, filled in for that name. */
  readonly matchPattern?: (name: string) => readonly LitellmDeployment[];
  readonly strategy: string;
  readonly strategyPlace?: Place;
  readonly aliases: readonly LitellmAlias[];
  readonly fallbacks: readonly LitellmFallbackRule[];
  readonly contextWindowFallbacks: readonly LitellmFallbackRule[];
  readonly contentPolicyFallbacks: readonly LitellmFallbackRule[];
  /** `default_fallbacks` as the rule for "*". */
  readonly defaultFallbacks?: Omit<LitellmFallbackRule, "modelName">;
  /** How many fallbacks may follow from one another; 5 when left out. */
  readonly maxFallbacks?: number;
  /** 2 when left out, as LiteLLM has it. */
  readonly retries?: number;
  readonly retryAfterMs?: number;
  readonly retriesByError?: CountByErrorName;
  readonly retriesByModelAndError: Readonly<Record<string, CountByErrorName>>;
  readonly allowedFails?: number;
  readonly allowedFailsByError?: CountByErrorName;
  readonly cooldownMs?: number;
  readonly disableCooldowns: boolean;
}
