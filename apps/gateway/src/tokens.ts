import type { Clock, ProviderAdapter, Random, Router } from "@perilune/core";
import type { Transport } from "@perilune/core/transport";
import type { InjectionToken } from "tsyringe";
import type { GatewayConfig } from "./config/gateway-config.ts";
import type { EndpointTable } from "./endpoints/endpoint-table.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./logger.ts";
import type { Access } from "./request/authenticate.ts";
import type { ConfiguredRoutes } from "./routing/configured-routes.ts";
import type { LastOutcomes } from "./routing/last-outcomes.ts";
import type { HttpServer, RequestHandler } from "./server/create-http-server.ts";

/* Typed injection tokens: a wrong registration and a wrong use both fail to compile. */
export const CONFIG: InjectionToken<GatewayConfig> = Symbol("configuration");
/** Variables of the environment, with those the configuration adds. */
export const ENVIRONMENT: InjectionToken<Readonly<Record<string, string | undefined>>> =
  Symbol("environment");
export const CLOCK: InjectionToken<Clock> = Symbol("clock");
export const RANDOM: InjectionToken<Random> = Symbol("random");
export const LOGGER: InjectionToken<Logger> = Symbol("logger");
export const LIFECYCLE: InjectionToken<Lifecycle> = Symbol("lifecycle");
export const TRANSPORT: InjectionToken<Transport> = Symbol("transport");
/** One registration for each installed provider; read with `resolveAll`. */
export const ADAPTER: InjectionToken<ProviderAdapter> = Symbol("provider adapter");
export const ROUTES: InjectionToken<ConfiguredRoutes> = Symbol("routes");
export const ROUTER: InjectionToken<Router> = Symbol("router");
export const LAST_OUTCOMES: InjectionToken<LastOutcomes> = Symbol("last outcomes");
export const ACCESS: InjectionToken<Access> = Symbol("access");
export const ENDPOINTS: InjectionToken<EndpointTable> = Symbol("endpoints");
export const HANDLER: InjectionToken<RequestHandler> = Symbol("request handler");
export const SERVER: InjectionToken<HttpServer> = Symbol("server");
