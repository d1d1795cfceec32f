import { LeaseBook } from "../src/lib/balancing/lease.ts";
import type { ChatChunk } from "../src/lib/contract/chat-response.ts";
import { ProviderError } from "../src/lib/contract/provider-error.ts";
import type { AttemptRecord } from "../src/lib/execution/attempt-record.ts";
import { TargetState } from "../src/lib/balancing/target-state.ts";
import { openRouteBudgets } from "../src/lib/execution/attempt-governor.ts";
import type { AttemptRun } from "../src/lib/execution/attempt-run.ts";
import { dispatchChat } from "../src/lib/execution/dispatch-chat.ts";
import type { ChatDispatch, DispatchOptions } from "../src/lib/execution/dispatch-chat.ts";
import type { Deployment } from "../src/lib/routing/deployment.ts";
import { acme } from "./acme-provider.ts";
import { ScriptedTransport } from "./scripted-transport.ts";
import type { Step } from "./scripted-transport.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

export const timeouts = { firstTokenMs: 2_000, idleMs: 1_000, attemptMs: 10_000 };

export const acmeDeployment: Deployment = {
  id: "acme-one",
  provider: acme(),
  modelId: "acme-1",
  weight: 1,
  credentialOwner: "operator",
  timeouts,
};

export interface TryOptions extends Omit<DispatchOptions, "candidates" | "onAttempt"> {
  readonly request?: Readonly<Record<string, unknown>>;
  readonly deployment?: Partial<Deployment>;
}

/** One request against a script, with everything the engine keeps books about within reach. */
export class ChatTrial {
  readonly clock = new VirtualClock();
  readonly leases = new LeaseBook();
  readonly runs = new Set<AttemptRun>();
  readonly transport: ScriptedTransport;
  readonly records: AttemptRecord[] = [];
  /** What the caller has received of a stream so far. */
  readonly chunks: ChatChunk[] = [];
  readonly dispatched: Promise<ChatDispatch>;

  constructor(script: readonly Step[], { request, deployment, ...options }: TryOptions = {}) {
    this.transport = new ScriptedTransport(this.clock, script);
    this.dispatched = dispatchChat(
      {
        clock: this.clock,
        leases: this.leases,
        runs: this.runs,
        transport: this.transport,
        random: () => 0.5,
        routes: { routeOf: () => undefined, candidates: () => [], names: () => [] },
        targets: new TargetState(this.clock, () => 0.5, this.leases),
        budgets: openRouteBudgets(),
      },
      { model: "acme/acme-1", messages: [{ role: "user", content: "Hi" }], stream: true, ...request },
      {
        ...options,
        candidates: [{ ...acmeDeployment, ...deployment }],
        onAttempt: (record) => this.records.push(record),
      },
    );
    // Each test says what it expects of it; until it does, a rejection is not unhandled.
    this.dispatched.catch(() => {});
  }

  get call() {
    return this.transport.calls[0]!;
  }

  async stream(): Promise<AsyncIterableIterator<unknown>> {
    const dispatched = await this.dispatched;
    if (dispatched.kind !== "stream") throw new Error("not a stream");
    return dispatched.chunks;
  }

  /** Reads to the end, at once: `complete`, or the error that ended it, wherever it was thrown. */
  async ending(): Promise<"complete" | ProviderError> {
    try {
      const dispatched = await this.dispatched;
      if (dispatched.kind === "response") return "complete";
      for await (const { chunk } of dispatched.chunks) this.chunks.push(chunk);
      return "complete";
    } catch (error) {
      if (error instanceof ProviderError) return error;
      throw error;
    }
  }

  /** The same while time passes, until nothing is left that could happen. */
  async endingAfter(ms: number): Promise<"complete" | ProviderError> {
    const ending = this.ending();
    await this.clock.advance(ms);
    return ending;
  }

  /** What must be true of every attempt that is over, however it ended. */
  async books() {
    await settled();
    return {
      records: this.records.length,
      inFlight: this.leases.inFlight(acmeDeployment.id),
      pendingTimers: this.clock.pending,
    };
  }
}

export const balanced = { records: 1, inFlight: 0, pendingTimers: 0 };
