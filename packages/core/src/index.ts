/* The routing engine, used by the gateway and in-process alike. */
export { systemClock, systemRandom } from "./lib/clock.ts";
export type { Clock, Random } from "./lib/clock.ts";
export { createRouter } from "./lib/create-router.ts";
export type { Router, RouterOptions } from "./lib/create-router.ts";
export { jsonPath, parseChatRequest } from "./lib/contract/parse-chat-request.ts";
export type { AttemptRecord } from "./lib/execution/attempt-record.ts";
export type { ChatDispatch, DispatchOptions } from "./lib/execution/dispatch-chat.ts";
export type { ForwardedResponse, ForwardRequest } from "./lib/execution/forward.ts";
export type { ExplainedTarget, Explanation } from "./lib/execution/explain.ts";
export type { HealthEntry, HealthReport } from "./lib/health/health-store.ts";
export { bindTargets } from "./lib/routing/bind-targets.ts";
export type { ResolvedTarget } from "./lib/routing/bind-targets.ts";
export { compileLitellmRouting } from "./lib/routing/compile-litellm-routing.ts";
export type { LitellmRoutes } from "./lib/routing/compile-litellm-routing.ts";
export { compilePortkeyConfig } from "./lib/routing/compile-portkey-config.ts";
export type { PortkeyConfig, TargetSpec } from "./lib/routing/compile-portkey-config.ts";
export { compileRoutes } from "./lib/routing/compile-routes.ts";
export type { CompiledRoutes } from "./lib/routing/compile-routes.ts";
export type {
  LitellmAlias,
  LitellmDeployment,
  LitellmFallbackRule,
  LitellmRoutingInput,
} from "./lib/routing/litellm-routing-input.ts";
export type { RouteNode, SingleNode } from "./lib/routing/route-plan.ts";
export { groupOf } from "./lib/routing/group-of.ts";
export { noRetry } from "./lib/routing/leaf-settings.ts";
export { mapLeaves } from "./lib/routing/route-leaves.ts";
export { shortened, unknownModel } from "./lib/routing/unknown-model.ts";
export type { Place, RouteProblem } from "./lib/routing/route-problem.ts";
export { redactSecret } from "./lib/execution/redact-secret.ts";
export { defaultTimeouts } from "./lib/routing/deployment.ts";
export type { Deployment, Timeouts } from "./lib/routing/deployment.ts";
export { routesByProvider } from "./lib/routing/route-table.ts";
export type { RouteTable } from "./lib/routing/route-table.ts";
export { collectChunks } from "./lib/stream/collect-chunks.ts";
export { SseParser } from "./lib/stream/sse-parser.ts";
export type { StreamOutcome } from "./lib/stream/stream-progress.ts";
export * from "./provider.ts";
