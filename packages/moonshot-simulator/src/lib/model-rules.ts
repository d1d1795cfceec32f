export type Family =
  | "moonshot-v1"
  | "kimi-latest"
  | "kimi-thinking-preview"
  | "kimi-k2"
  | "kimi-k2-thinking"
  | "kimi-k2.5"
  | "kimi-k2.6"
  | "kimi-k2.7"
  | "kimi-k3";

export interface FamilyRules {
  /** `fixed`: only 1 (or `withoutThinking` while thinking is off). `range`: 0 to 1. */
  readonly sampling: "range" | "fixed";
  readonly temperatureWithoutThinking?: number;
  readonly thinks: "never" | "always" | "unless disabled";
  /** What a `thinking` object may hold; `ignored` families treat it as any unknown field. */
  readonly thinkingField: "ignored" | "type" | "type and keep" | "only enabled" | "refused";
  readonly reasoningEffort: boolean;
  readonly tools: boolean;
  readonly requiredToolChoice: boolean;
  /** A tool named in `tool_choice` is refused whenever the model thinks. */
  readonly namedToolRefusedWhileThinking: boolean;
  /** Assistant messages with tool calls must bring their reasoning back. */
  readonly demandsReasoningInHistory: boolean;
  readonly dynamicTools: boolean;
  readonly toolCallIds: "name:N" | "name_N";
  readonly promptCache: "none" | "reads" | "reads and writes";
  /** `usage` has its two `_details` objects (captures from 2026-07 on; absent from those of older models). */
  readonly usageDetails: boolean;
  readonly defaultMaxCompletionTokens: number;
}

const firstGeneration: FamilyRules = {
  sampling: "range",
  thinks: "never",
  thinkingField: "ignored",
  reasoningEffort: false,
  tools: true,
  requiredToolChoice: false,
  namedToolRefusedWhileThinking: false,
  demandsReasoningInHistory: false,
  dynamicTools: false,
  toolCallIds: "name:N",
  promptCache: "none",
  usageDetails: false,
  defaultMaxCompletionTokens: 1_024,
};

const fixedSampling: FamilyRules = {
  ...firstGeneration,
  sampling: "fixed",
  namedToolRefusedWhileThinking: true,
  demandsReasoningInHistory: true,
  promptCache: "reads",
  usageDetails: true,
  defaultMaxCompletionTokens: 32_768,
};

/** What each family of models demands: the per-model rule table of the platform as data (read 2026-11-22). */
export const rulesOf: Readonly<Record<Family, FamilyRules>> = {
  "moonshot-v1": firstGeneration,
  "kimi-latest": { ...firstGeneration, promptCache: "reads" },
  "kimi-thinking-preview": { ...firstGeneration, thinks: "always", tools: false },
  "kimi-k2": { ...firstGeneration, promptCache: "reads" },
  "kimi-k2-thinking": {
    ...firstGeneration,
    thinks: "always",
    namedToolRefusedWhileThinking: true,
    promptCache: "reads",
  },
  "kimi-k2.5": {
    ...fixedSampling,
    thinks: "unless disabled",
    thinkingField: "type",
    temperatureWithoutThinking: 0.6,
  },
  "kimi-k2.6": {
    ...fixedSampling,
    thinks: "unless disabled",
    thinkingField: "type and keep",
    temperatureWithoutThinking: 0.6,
  },
  "kimi-k2.7": { ...fixedSampling, thinks: "always", thinkingField: "only enabled" },
  "kimi-k3": {
    ...fixedSampling,
    thinks: "always",
    // Reports contradict each other on whether K3 tolerates `thinking`; the documentation says not to send it.
    thinkingField: "refused",
    reasoningEffort: true,
    requiredToolChoice: true,
    dynamicTools: true,
    toolCallIds: "name_N",
    promptCache: "reads and writes",
    defaultMaxCompletionTokens: 131_072,
  },
};
