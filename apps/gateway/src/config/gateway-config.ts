import type { Path } from "./config-problem.ts";

/** What the gateway runs on: checked, complete, in our own words and units. Holds secrets; print `redactConfig` of it. */
export interface GatewayConfig {
  readonly deployments: readonly DeploymentConfig[];
  readonly virtualKeys: readonly VirtualKeyConfig[];
  readonly masterKey?: string;
  /** The operator has said that a weak or missing master key is meant. */
  readonly permitWeakMasterKey: boolean;
  readonly server: ServerConfig;
  readonly routing: RoutingConfig;
  /** What `environment_variables` adds to the environment. */
  readonly environmentVariables: Readonly<Record<string, string>>;
}

export interface DeploymentConfig {
  /** `model_info.id`, or 64 hex digits derived from the name and the parameters. */
  readonly id: string;
  /** The name that clients ask for; may be a pattern (see `compileModelNames`). */
  readonly modelName: string;
  readonly providerId: string;
  /** The provider's own model id without the provider's prefix; its wildcards are filled from `modelName`'s. */
  readonly model: string;
  readonly apiKey: string;
  /** Without a slash at the end. */
  readonly baseUrl?: string;
  /** Where it was written. */
  readonly place: Path;
  /** Share of the requests among deployments with the same name; 0 takes none. Absent: 1, or its rpm or tpm. */
  readonly weight?: number;
  readonly order?: number;
  readonly timeoutMs?: number;
  readonly firstTokenTimeoutMs?: number;
  readonly streamIdleTimeoutMs?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly maxParallelRequests?: number;
  readonly retries?: number;
  readonly cooldownMs?: number;
  readonly allowedFailsByError?: CountByError;
  readonly tags: readonly string[];
  /** Request parameters used when the client leaves them out. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Header names are lower-case. */
  readonly extraHeaders: Readonly<Record<string, string>>;
  readonly dropParams: boolean;
  readonly additionalDropParams: readonly string[];
  /** What the provider's own schema made of `provider_settings`. */
  readonly settings?: unknown;
}

export interface VirtualKeyConfig {
  readonly slug: string;
  readonly providerId: string;
  readonly apiKey: string;
  readonly baseUrl?: string;
  readonly settings?: unknown;
}

/** Host and port stay open when the file does not set them: the command line and the environment come next. */
export interface ServerConfig {
  readonly host?: string;
  readonly port?: number;
  readonly maxRequestBytes: number;
  readonly shutdownGraceMs: number;
}

/** LiteLLM's error names without their endings ("RateLimit") to a number. */
export type CountByError = Readonly<Record<string, number>>;

export interface FallbackRule {
  /** Where its targets were written. */
  readonly place: Path;
  /** A model name, or "*" for any. */
  readonly modelName: string;
  /** Model names or deployment ids, tried in this order. */
  readonly targets: readonly string[];
}

export interface RoutingConfig {
  readonly strategy: string;
  readonly strategyPlace: Path;
  readonly aliases: readonly {
    readonly place: Path;
    readonly alias: string;
    readonly modelName: string;
    readonly hidden: boolean;
  }[];
  readonly fallbacks: readonly FallbackRule[];
  readonly contextWindowFallbacks: readonly FallbackRule[];
  readonly contentPolicyFallbacks: readonly FallbackRule[];
  readonly defaultFallbacks: { readonly place: Path; readonly targets: readonly string[] };
  readonly maxFallbacks?: number;
  readonly retries?: number;
  readonly retryAfterMs?: number;
  readonly retriesByError?: CountByError;
  readonly retriesByModelAndError: Readonly<Record<string, CountByError>>;
  readonly allowedFails?: number;
  readonly allowedFailsByError?: CountByError;
  readonly cooldownMs?: number;
  readonly disableCooldowns: boolean;
  readonly checkContextWindow: boolean;
  readonly filterByTags: boolean;
  readonly matchAnyTag: boolean;
  readonly defaultMaxParallelRequests?: number;
}

/** A gateway that knows no model and no key: it can still pass on requests that bring their own. */
export function emptyConfig(): GatewayConfig {
  return {
    deployments: [],
    virtualKeys: [],
    permitWeakMasterKey: false,
    server: serverDefaults,
    routing: routingDefaults,
    environmentVariables: {},
  };
}

export const serverDefaults = {
  // Room for several images as base64. Files are streamed and have no such limit.
  maxRequestBytes: 10 * 1024 * 1024,
  shutdownGraceMs: 30_000,
} as const satisfies ServerConfig;

export const routingDefaults: RoutingConfig = {
  strategy: "simple-shuffle",
  strategyPlace: [],
  aliases: [],
  fallbacks: [],
  contextWindowFallbacks: [],
  contentPolicyFallbacks: [],
  defaultFallbacks: { place: [], targets: [] },
  retriesByModelAndError: {},
  disableCooldowns: false,
  checkContextWindow: false,
  filterByTags: false,
  matchAnyTag: true,
};
