/** Where a fact comes from; `inferred` marks a guess by family, never a claim. */
export interface Provenance {
  readonly evidence: "documented" | "observed" | "inferred";
  /** ISO date of the source, or of the inference. */
  readonly date: string;
  readonly source: string;
}

export type Modality = "text" | "image" | "video" | "audio" | "file";

/** Prices in integer billionths of the currency per token: 1 USD per million tokens = 1000. */
export interface TokenPrices {
  readonly inputNanoPerToken: number;
  readonly outputNanoPerToken: number;
  /** Input tokens read from the provider's prompt cache; absent = the provider has no such price. */
  readonly cachedInputNanoPerToken?: number;
  /** Input tokens written to the cache, by lifetime of the entry. */
  readonly cacheWriteNanoPerToken?: { readonly fiveMinutes: number; readonly oneHour?: number };
}

export type Lifecycle =
  | { readonly state: "live"; readonly since?: string; readonly retirementPlanned?: string }
  | { readonly state: "retired"; readonly on: string; readonly replacedBy: string };

/**
 * What one model can do and costs, as data. An unknown id of a known family gets a profile inferred by the
 * family's rule; a price that is not known is absent, never zero.
 */
export interface ModelProfile {
  readonly id: string;
  readonly family: string;
  readonly lifecycle: Lifecycle;
  readonly contextWindowTokens: number;
  /** Most tokens one answer may have; absent = whatever the context leaves. */
  readonly maxOutputTokens?: number;
  /** Tokens the provider allows when the request names no limit. */
  readonly defaultMaxOutputTokens?: number;
  readonly inputModalities: readonly Modality[];
  readonly supportsTools: boolean;
  readonly supportsJsonSchema: boolean;
  readonly supportsReasoning: boolean;
  /** Can continue an assistant message the request ends with. */
  readonly supportsPrefill: boolean;
  readonly prices: { readonly usd?: TokenPrices; readonly cny?: TokenPrices };
  readonly provenance: Provenance;
}
