import type { ProviderAdapter } from "@perilune/core";
import { moonshotAdapter } from "@perilune/provider-moonshot";
import type { ProviderKnowledge } from "./config/provider-knowledge.ts";
import { compileModelNames } from "./config/wildcard-name.ts";

/** The providers that come with the gateway. */
export const installedAdapters: readonly ProviderAdapter[] = [moonshotAdapter];

/** What a configuration is checked against. */
export function knowledgeOf(adapter: ProviderAdapter): ProviderKnowledge {
  const isOwn = compileModelNames(
    adapter.modelIdPatterns.map((pattern) => ({ modelName: pattern, model: pattern })),
  );
  return {
    id: adapter.id,
    apiKeyVariable: adapter.connection.apiKeyVariable,
    baseUrlVariable: adapter.connection.baseUrlVariable,
    modelIds: adapter.models.map(({ id }) => id),
    plainNames: adapter.modelIdPatterns,
    familyOf: (modelId) => (isOwn(modelId) === undefined ? undefined : adapter.profileOf(modelId).family),
    retirementOf: (modelId) => {
      const lifecycle = adapter.models.find(({ id }) => id === modelId)?.lifecycle;
      return lifecycle?.state === "retired" ? lifecycle : undefined;
    },
    settings: adapter.settings,
  };
}
