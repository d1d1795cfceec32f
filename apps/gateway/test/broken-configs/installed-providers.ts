import { z } from "zod";
import type { ProviderKnowledge } from "../../src/config/provider-knowledge.ts";

/** The providers that the configurations of tests find installed: one that knows families and has settings, one that knows neither. */
export const installedProviders: readonly ProviderKnowledge[] = [
  {
    id: "moonshot",
    apiKeyVariable: "MOONSHOT_API_KEY",
    baseUrlVariable: "MOONSHOT_API_BASE",
    modelIds: [
      "kimi-k3",
      "kimi-k3.1-pro",
      "kimi-k2.6",
      "kimi-k2.5",
      "moonshot-v1-8k",
      "moonshot-v1-32k",
      "moonshot-v1-128k",
    ],
    plainNames: ["kimi-*", "moonshot-v1-*"],
    familyOf: (modelId) => (modelId.startsWith("kimi-k9") ? "kimi-k9" : undefined),
    retirementOf: (modelId) =>
      modelId === "kimi-k2.5" ? { on: "2026-08-31", replacedBy: "kimi-k2.6" } : undefined,
    settings: z.strictObject({
      region: z.enum(["global", "china"], { error: "global or china" }).optional(),
    }),
  },
  {
    id: "openai",
    apiKeyVariable: "OPENAI_API_KEY",
    baseUrlVariable: "OPENAI_API_BASE",
    modelIds: ["gpt-5"],
    plainNames: [],
    familyOf: () => undefined,
    retirementOf: () => undefined,
  },
];
