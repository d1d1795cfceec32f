import type { ChatTarget, ModelProfile } from "@perilune/core/provider";
import { createOpenAiCompatibleAdapter, type OpenAiCompatibleDefinition } from "../src/index.ts";

const profile: ModelProfile = {
  id: "example-1",
  family: "example",
  lifecycle: { state: "live" },
  contextWindowTokens: 8192,
  inputModalities: ["text"],
  supportsTools: true,
  supportsJsonSchema: true,
  supportsReasoning: false,
  supportsPrefill: false,
  prices: {},
  provenance: { evidence: "documented", date: "2026-11-24", source: "this test" },
};

export const target: ChatTarget = { modelId: "example-1", profile, settings: {} };

/** A provider with nothing of its own but what a test gives it. */
export function exampleProvider(differences: Partial<OpenAiCompatibleDefinition> = {}) {
  return createOpenAiCompatibleAdapter({
    id: "example",
    connection: {
      defaultBaseUrl: "https://api.example.com/v1",
      apiKeyVariable: "EXAMPLE_API_KEY",
      baseUrlVariable: "EXAMPLE_API_BASE",
      authentication: { header: "authorization", prefix: "Bearer " },
    },
    models: [profile],
    profileOf: (modelId) => ({ ...profile, id: modelId }),
    ...differences,
  });
}
