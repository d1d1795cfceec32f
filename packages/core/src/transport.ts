/* The port everything outbound goes through, and its undici implementation. */
export { TransportError } from "./lib/transport/transport.ts";
export type {
  Transport,
  TransportCall,
  TransportFault,
  TransportReceiver,
  TransportRequest,
} from "./lib/transport/transport.ts";
export { createUndiciTransport } from "./lib/transport/undici-transport.ts";
export type { UndiciTransportOptions } from "./lib/transport/undici-transport.ts";
