import type { ProviderKnowledge } from "./provider-knowledge.ts";
import type { Environment } from "./resolve-environment.ts";

interface Known {
  readonly environment: Environment;
  readonly providers: readonly ProviderKnowledge[];
}

/**
 * What a file would say for somebody who has only set a key: "moonshot/*" leads to every model of Moonshot, and so do
 * the names that say by themselves whose they are, such as "kimi-*". Keys and addresses are left to the variables.
 */
export function readEnvironmentConfig({ environment, providers }: Known): object {
  const usable = providers.filter(({ apiKeyVariable }) => (environment[apiKeyVariable] ?? "") !== "");
  return { model_list: usable.flatMap(entriesFor) };
}

function entriesFor({ id, plainNames }: ProviderKnowledge): object[] {
  const entry = (modelName: string, model: string) => ({
    model_name: modelName,
    litellm_params: { model: `${id}/${model}` },
  });
  return [entry(`${id}/*`, "*"), ...plainNames.map((name) => entry(name, name))];
}
