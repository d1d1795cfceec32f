import { drawFrom } from "./random.ts";
import { availableModels, type Model } from "./models.ts";
import { systemClock, type Clock } from "./clock.ts";
import { FileStore } from "./file-store.ts";
import { PrefixCache } from "./prefix-cache.ts";
import { RateLimits, type Limits } from "./rate-limits.ts";
import { Faults, type Fault, type Replay } from "./replay.ts";

export interface MoonshotSimulatorOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Keys that are accepted. Default: any. */
  readonly apiKeys?: readonly string[];
  /** The day to be: models not yet released or already retired answer 404. Default: every model ever documented is there. */
  readonly asOf?: Date;
  /** Another seed, other answers. */
  readonly seed?: string;
  readonly clock?: Clock;
  readonly limits?: Limits;
  readonly balance?: Balance;
  /** How many uploaded files an account may keep. Default: 1000; the real number is not documented. */
  readonly maxFiles?: number;
  /** Pause before each frame of a stream. Default: none. */
  readonly tokenDelayMs?: number;
  /** How many requests the ledger keeps, the latest ones. Default: all. */
  readonly ledgerSize?: number;
  readonly replays?: readonly Replay[];
  readonly faults?: readonly Fault[];
}

/** Money on the account, in its currency. Cash may be negative: a debt, which the voucher does not pay. */
export interface Balance {
  readonly voucher: number;
  readonly cash: number;
}

/** Everything the endpoints share while one simulator runs. */
export interface Simulation {
  readonly seed: string;
  readonly clock: Clock;
  readonly apiKeys: readonly string[] | undefined;
  readonly models: readonly Model[];
  readonly organisation: string;
  readonly balance: Balance;
  readonly limits: RateLimits;
  readonly cache: PrefixCache;
  readonly files: FileStore;
  readonly tokenDelayMs: number;
  readonly replays: readonly Replay[];
  readonly faults: Faults;
}

// The amounts of the documentation's example.
const exampleBalance: Balance = { voucher: 46.58893, cash: 3.00001 };

export function createSimulation(options: MoonshotSimulatorOptions): Simulation {
  const seed = options.seed ?? "perilune";
  return {
    seed,
    clock: options.clock ?? systemClock,
    apiKeys: options.apiKeys,
    models: availableModels(options.asOf),
    organisation: `org-${drawFrom(seed, "organisation").hex(32)}`,
    balance: options.balance ?? exampleBalance,
    limits: new RateLimits(options.limits ?? {}),
    cache: new PrefixCache(),
    files: new FileStore(seed, options.maxFiles ?? 1_000),
    tokenDelayMs: options.tokenDelayMs ?? 0,
    replays: options.replays ?? [],
    faults: new Faults(options.faults ?? []),
  };
}
