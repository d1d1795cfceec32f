import { pino } from "pino";
import type { DestinationStream } from "pino";

/** What the gateway needs of a logger. */
export interface Logger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** JSON lines on standard error: standard output is for the person who started the gateway. */
export function createLogger(destination: DestinationStream = pino.destination(2)): Logger {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
