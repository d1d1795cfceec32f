import type { ModelProfile } from "../src/lib/contract/model-profile.ts";
import type { ProviderAdapter } from "../src/lib/contract/provider-adapter.ts";
import type { Deployment } from "../src/lib/routing/deployment.ts";

/** A deployment that is only ever planned with: its provider knows windows and cannot be called. */
export function fakeDeployment(id: string, contextWindowTokens?: number): Deployment {
  const adapter: Pick<ProviderAdapter, "id" | "profileOf"> = {
    id: "fake",
    profileOf: (modelId) => fakeProfile(modelId, contextWindowTokens),
  };
  return {
    id,
    // Planning reads nothing else of an adapter; a call would fail at once.
    provider: { adapter: adapter as ProviderAdapter, apiKey: undefined, baseUrl: "", settings: {} },
    modelId: id,
    weight: 1,
    credentialOwner: "operator",
  };
}

function fakeProfile(id: string, contextWindowTokens: number | undefined): ModelProfile {
  const evidence = contextWindowTokens === undefined ? "inferred" : "documented";
  return {
    id,
    family: "fake",
    lifecycle: { state: "live" },
    contextWindowTokens: contextWindowTokens ?? 1,
    inputModalities: ["text"],
    supportsTools: true,
    supportsJsonSchema: true,
    supportsReasoning: false,
    supportsPrefill: false,
    prices: {},
    provenance: { evidence, date: "2026-01-01", source: "test" },
  };
}
