import type { Path } from "./config-problem.ts";
import type { ModelEntryInput } from "./config-schema.ts";
import { deploymentId } from "./deployment-id.ts";
import type { DeploymentConfig } from "./gateway-config.ts";
import { printableKey } from "./printable-value.ts";
import { type DeploymentDefaults, readDeployment } from "./read-deployment.ts";
import type { ReadingContext } from "./reading-context.ts";

interface Entry {
  readonly path: Path;
  readonly input: ModelEntryInput;
}

/** Every entry of `model_list`, and the rules that hold between entries. */
export function readDeployments(
  entries: readonly Entry[],
  defaults: DeploymentDefaults,
  context: ReadingContext,
): DeploymentConfig[] {
  const occurrences = new Map<string, number>();
  checkIds(entries, context);
  checkWeights(entries, context);
  return entries.flatMap(({ path, input }) => {
    for (const key of ["rpm", "tpm"] as const) {
      if (input[key] === undefined) continue;
      context.log.warningAtKey([...path, key], {
        message: `belongs under litellm_params`,
        suggestion: `litellm_params.${key}`,
      });
    }
    const likeness = deploymentId(input.model_name, input.litellm_params, 0);
    const occurrence = occurrences.get(likeness) ?? 0;
    occurrences.set(likeness, occurrence + 1);
    return readDeployment(input, path, defaults, occurrence, context) ?? [];
  });
}

function checkIds(entries: readonly Entry[], { log }: ReadingContext): void {
  const owners = new Map<string, Path>();
  for (const { path, input } of entries) {
    const id = input.model_info?.id;
    if (id === undefined) continue;
    if (/^(@|own:)/.test(id)) {
      const message = `${printableKey(id)} cannot be an id: "@" and "own:" begin those of virtual keys and callers' own`;
      log.error([...path, "model_info", "id"], { message });
    }
    const owner = owners.get(id);
    if (owner === undefined) owners.set(id, path);
    else
      log.error([...path, "model_info", "id"], {
        message: `${printableKey(id)} is already the id of ${log.describe(owner)}`,
      });
  }
}

function checkWeights(entries: readonly Entry[], { log }: ReadingContext): void {
  const groups = Map.groupBy(entries, ({ input }) => input.model_name);
  for (const [modelName, group] of groups) {
    const [first] = group;
    if (first === undefined || group.some(({ input }) => input.litellm_params.weight !== 0)) continue;
    const message = `every deployment of ${printableKey(modelName)} has weight 0, so none would ever be picked`;
    log.error([...first.path, "litellm_params", "weight"], { message });
  }
}
