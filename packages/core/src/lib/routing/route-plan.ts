import type { ErrorCode } from "../contract/provider-error.ts";
import type { Condition } from "./conditions/condition.ts";
import type { Deployment } from "./deployment.ts";
import type { RequestChanges } from "./request-changes.ts";

/**
 * One strategy tree, whatever it was spelled in: LiteLLM settings, a Portkey config, or YAML routes. Leaves are
 * deployments; inheritance is already applied, so a node means the same wherever it stands.
 */
export type RouteNode = RouteTree<SingleNode>;

/** The same tree with other leaves: targets that are not yet bound to deployments. */
export type RouteTree<Leaf> = Leaf | FallbackNode<Leaf> | LoadbalanceNode<Leaf> | ConditionalNode<Leaf>;

interface NodeFacts {
  /** Where it was written: `config.targets[1]`, `model_list[0]`. Shown in headers and in `explain`. */
  readonly path: string;
}

export interface SingleNode extends NodeFacts {
  readonly kind: "single";
  readonly deployment: Deployment;
  readonly retry: RetryPolicy;
  /** Undefined: no breaker settings of its own. `never`: nothing opens it. */
  readonly breaker?: BreakerRule | "never";
  /** What the route makes of a request's parameters on the way here. */
  readonly changes?: RequestChanges;
}

interface FallbackNode<Leaf = SingleNode> extends NodeFacts {
  readonly kind: "fallback";
  /** In order. At least one. */
  readonly children: readonly RouteTree<Leaf>[];
  /** Which failures move on to the next child. */
  readonly on: FallbackTrigger;
}

export interface LoadbalanceNode<Leaf = SingleNode> extends NodeFacts {
  readonly kind: "loadbalance";
  readonly children: readonly { readonly node: RouteTree<Leaf>; readonly weight: number }[];
  readonly strategy: LoadbalanceStrategy;
}

export interface ConditionalNode<Leaf = SingleNode> extends NodeFacts {
  readonly kind: "conditional";
  /** The first that holds wins. */
  readonly branches: readonly { readonly when: Condition; readonly node: RouteTree<Leaf> }[];
  readonly otherwise?: RouteTree<Leaf>;
}

/** `table`: what the error table says. Otherwise only these, whatever the table says of the next target. */
export type FallbackTrigger =
  | { readonly kind: "table" }
  | { readonly kind: "statuses"; readonly statuses: readonly number[] }
  | { readonly kind: "codes"; readonly codes: readonly ErrorCode[] };

export type LoadbalanceStrategy =
  | { readonly kind: "weighted" }
  | { readonly kind: "least_in_flight" }
  | { readonly kind: "peak_latency" }
  | { readonly kind: "usage_headroom" }
  | { readonly kind: "cheapest" }
  | { readonly kind: "sticky"; readonly fields: readonly string[]; readonly ttlMs: number };

export interface RetryPolicy {
  /** Further attempts on the same target; 0 for none. */
  readonly retries: number;
  /** Undefined: what the error table says. */
  readonly onStatuses?: readonly number[];
  /** LiteLLM's `retry_policy`: retries by error code, instead of `retries`. */
  readonly byCode?: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Wait as long as the provider asks (true unless a config says otherwise). */
  readonly honourRetryAfter: boolean;
  /** Shortest wait before another attempt on the same target. */
  readonly minimumWaitMs?: number;
}

export interface BreakerRule {
  /** Consecutive failures that open it. */
  readonly failureThreshold?: number;
  /** Or a share of failures, 0 to 1, over at least `minimumRequests` in the window. */
  readonly failureRate?: number;
  readonly minimumRequests: number;
  readonly cooldownMs: number;
  /** LiteLLM's `allowed_fails_policy`: failures with these codes, counted apart. */
  readonly failureThresholdByCode?: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Undefined: the errors that hurt health by the error table. */
  readonly failureStatuses?: readonly number[];
}
