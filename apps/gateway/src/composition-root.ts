// tsyringe refuses to load without a Reflect polyfill; nothing here uses metadata.
import "reflect-metadata";
import { createRouter, systemClock, systemRandom } from "@perilune/core";
import { createUndiciTransport } from "@perilune/core/transport";
import { container as globalContainer, instanceCachingFactory } from "tsyringe";
import type { DependencyContainer, InjectionToken } from "tsyringe";
import type { GatewayConfig } from "./config/gateway-config.ts";
import { chatCompletions } from "./endpoints/chat-completions.ts";
import { explain } from "./endpoints/explain.ts";
import { targetHealth } from "./endpoints/target-health.ts";
import { createEndpointTable } from "./endpoints/endpoint-table.ts";
import { health } from "./endpoints/health.ts";
import { models } from "./endpoints/models.ts";
import { createPassThrough, passThroughEndpoints } from "./endpoints/pass-through.ts";
import { createLogger } from "./logger.ts";
import { installedAdapters } from "./providers.ts";
import { createAccess } from "./request/create-access.ts";
import { createRequestHandler, finishRefused, reportFault } from "./request/handle-request.ts";
import { encodeRefusal } from "./errors/encode-refusal.ts";
import { configuredRoutes } from "./routing/configured-routes.ts";
import { LastOutcomes } from "./routing/last-outcomes.ts";
import { baseUrls } from "./routing/base-urls.ts";
import { createHttpServer } from "./server/create-http-server.ts";
import * as tokens from "./tokens.ts";

/** Another value for a token than the one registered here: what a test replaces. */
export interface Override {
  readonly token: InjectionToken;
  readonly value: unknown;
}

export function override<T>(token: InjectionToken<T>, value: T): Override {
  return { token, value };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a gateway is made from. */
export interface Parts {
  readonly config: GatewayConfig;
  readonly environment: Environment;
  readonly overrides?: readonly Override[];
}

/**
 * The parts of one gateway, in the order they are made. A child of the empty global container, so that a test
 * can compose two gateways side by side. Only `buildGateway` and the test of this page resolve from it.
 */
export function composeGateway({ config, environment, overrides = [] }: Parts): DependencyContainer {
  const parts = globalContainer.createChildContainer();
  registerSurroundings(parts, config, environment);
  // One of many: an override would be a further provider, not another one.
  if (!overrides.some(({ token }) => token === tokens.ADAPTER)) registerAdapters(parts);
  registerEngine(parts);
  registerRequestPath(parts);
  for (const { token, value } of overrides) parts.register(token, { useValue: value });
  return parts;
}

function registerSurroundings(
  parts: DependencyContainer,
  config: GatewayConfig,
  environment: Environment,
): void {
  parts.register(tokens.CONFIG, { useValue: config });
  parts.register(tokens.ENVIRONMENT, { useValue: { ...environment, ...config.environmentVariables } });
  parts.register(tokens.CLOCK, { useValue: systemClock });
  parts.register(tokens.RANDOM, { useValue: systemRandom });
  parts.register(tokens.LIFECYCLE, { useValue: { isDraining: false } });
  provide(parts, tokens.LOGGER, () => createLogger());
  provide(parts, tokens.TRANSPORT, () => createUndiciTransport());
}

function registerAdapters(parts: DependencyContainer): void {
  for (const adapter of installedAdapters) parts.register(tokens.ADAPTER, { useValue: adapter });
}

function registerEngine(parts: DependencyContainer): void {
  provide(parts, tokens.ROUTES, (c) =>
    configuredRoutes(
      c.resolve(tokens.CONFIG),
      c.resolveAll(tokens.ADAPTER),
      baseUrls(c.resolve(tokens.ENVIRONMENT)),
    ),
  );
  provide(parts, tokens.ROUTER, (c) =>
    createRouter({
      routes: c.resolve(tokens.ROUTES),
      transport: c.resolve(tokens.TRANSPORT),
      clock: c.resolve(tokens.CLOCK),
      random: c.resolve(tokens.RANDOM),
    }),
  );
}

function registerRequestPath(parts: DependencyContainer): void {
  provide(parts, tokens.ACCESS, (c) =>
    createAccess(
      c.resolve(tokens.CONFIG),
      c.resolveAll(tokens.ADAPTER),
      baseUrls(c.resolve(tokens.ENVIRONMENT)),
    ),
  );
  provide(parts, tokens.ENDPOINTS, (c) => createEndpointTable(endpoints(c)));
  provide(parts, tokens.HANDLER, (c) => {
    const lastOutcomes = c.resolve(tokens.LAST_OUTCOMES);
    return createRequestHandler({
      endpoints: c.resolve(tokens.ENDPOINTS),
      access: c.resolve(tokens.ACCESS),
      logger: c.resolve(tokens.LOGGER),
      clock: c.resolve(tokens.CLOCK),
      onAttempt: (record) => lastOutcomes.note(record),
    });
  });
  provide(parts, tokens.LAST_OUTCOMES, (c) => new LastOutcomes(c.resolve(tokens.ROUTES).deployments));
  provide(parts, tokens.SERVER, (c) => {
    const logger = c.resolve(tokens.LOGGER);
    const clock = c.resolve(tokens.CLOCK);
    return createHttpServer({
      handler: c.resolve(tokens.HANDLER),
      encodeRefusal,
      onRefused: (request) => finishRefused(request, logger, clock),
      onInternalError: (error, requestId) => reportFault(logger, error, requestId),
    });
  });
}

function endpoints(c: DependencyContainer) {
  const router = c.resolve(tokens.ROUTER);
  const routes = c.resolve(tokens.ROUTES);
  const { maxRequestBytes } = c.resolve(tokens.CONFIG).server;
  const access = c.resolve(tokens.ACCESS);
  const lifecycle = c.resolve(tokens.LIFECYCLE);
  const clock = c.resolve(tokens.CLOCK);
  const lastOutcomes = c.resolve(tokens.LAST_OUTCOMES);
  const { deployments } = routes;
  return [
    ...chatCompletions({ router, routes, access, maxRequestBytes }),
    ...explain({ router, routes, access, maxRequestBytes }),
    ...targetHealth(router, deployments),
    ...models(routes, createPassThrough(router, clock)),
    ...health({ deployments, lastOutcomes, isDraining: () => lifecycle.isDraining }),
    ...passThroughEndpoints({
      router,
      clock,
      routes,
      access,
      deployments,
      adapters: c.resolveAll(tokens.ADAPTER),
      maxRequestBytes,
    }),
  ];
}

function provide<T>(
  parts: DependencyContainer,
  token: InjectionToken<T>,
  make: (c: DependencyContainer) => T,
): void {
  parts.register(token, { useFactory: instanceCachingFactory(make) });
}
