import type { UsageLimits } from "../balancing/usage-window.ts";
import type { ConfiguredProvider } from "../contract/provider-adapter.ts";

/** One model of one provider behind one credential: where an attempt can go. */
export interface Deployment {
  /** Stable and unique; appears in headers, logs and health reports. */
  readonly id: string;
  readonly provider: ConfiguredProvider;
  /** The id the provider knows the model by. */
  readonly modelId: string;
  /** It stands for a pattern of names, and `modelId` is what the request made of it. */
  readonly servesManyModels?: boolean;
  /** Share of the traffic among deployments of the same name; 0 takes none. */
  readonly weight: number;
  /** A caller's own key: the provider's 401 is then the caller's 401, not our misconfiguration. */
  readonly credentialOwner: "operator" | "caller";
  readonly timeouts?: Partial<Timeouts>;
  /** The time limit is the caller's own: that it passed says nothing about the provider. */
  readonly hasCallersTimeout?: boolean;
  /** What it may be asked for in a minute; an attempt that does not fit goes elsewhere. */
  readonly usageLimits?: UsageLimits;
  /** Parameters used where the request says nothing. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Parameters never sent to this deployment. */
  readonly dropParameters?: readonly string[];
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

export interface Timeouts {
  /** From sending to the first meaningful chunk of a stream. */
  readonly firstTokenMs: number;
  /** Silence between two reads of a stream. */
  readonly idleMs: number;
  /** One attempt from sending to its last byte. */
  readonly attemptMs: number;
}

/** Moonshot answers 504 after 900 s; a reasoning model can think for minutes before its first token. */
export const defaultTimeouts: Timeouts = { firstTokenMs: 120_000, idleMs: 60_000, attemptMs: 900_000 };
