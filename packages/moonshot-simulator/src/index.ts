export { startMoonshotSimulator, type MoonshotSimulator } from "./lib/start-simulator.ts";
export type { Balance, MoonshotSimulatorOptions } from "./lib/simulation.ts";
export type { Clock } from "./lib/clock.ts";
export type { ApiProblem } from "./lib/errors.ts";
export type { ReceivedRequest, SentAnswer } from "./lib/ledger.ts";
export type { Limits } from "./lib/rate-limits.ts";
export type { Fault, Replay, RequestView, StreamFault } from "./lib/replay.ts";
export { highRiskPhrase } from "./lib/check-request/content-filter.ts";
