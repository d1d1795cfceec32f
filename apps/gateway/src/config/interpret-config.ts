import type { ConfigSurroundings } from "./load-config.ts";
import { checkShape, type ShapedConfig } from "./check-shape.ts";
import type { ConfigProblem } from "./config-problem.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { type LocatedMap, valueAt } from "./located-value.ts";
import { createProblemLog } from "./problem-log.ts";
import { milliseconds } from "./milliseconds.ts";
import type { DeploymentDefaults } from "./read-deployment.ts";
import { readDeployments } from "./read-deployments.ts";
import { readMasterKey } from "./read-master-key.ts";
import { checkRoutingNames, type KnownNames, readRouting } from "./read-routing.ts";
import { readServer } from "./read-server.ts";
import { readVirtualKeys } from "./read-virtual-keys.ts";
import type { ReadingContext } from "./reading-context.ts";
import { resolveEnvironment } from "./resolve-environment.ts";
import { warnOfIdleKeys } from "./warn-idle-keys.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** What a tree means. The configuration is only good for anything when there are no errors. */
export interface Interpretation {
  readonly config: GatewayConfig;
  readonly errors: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/** Reads a merged tree: variables first, then shapes, then what the parts mean together. */
export function interpretConfig(
  tree: LocatedMap,
  { environment: outer, providers, checkRoutes }: ConfigSurroundings,
): Interpretation {
  const { root, environment, exported, problems } = resolveEnvironment(withoutEmptySections(tree), outer);
  const log = createProblemLog(root);
  const context: ReadingContext = { providers, environment, log };
  const shaped = checkShape(root, log);
  warnOfIdleKeys(root, log);
  checkRoutingNames(shaped, namesIn(root), context);
  const config = { ...readParts(shaped, context), environmentVariables: exported };
  if (problems.length + log.errors.length === 0) {
    warnOfNothingToServe(config, context);
    for (const { place, message, suggestion } of checkRoutes?.(config) ?? []) {
      log.error(place, suggestion === undefined ? { message } : { message, suggestion });
    }
  }
  return { config, errors: [...problems, ...log.errors], warnings: log.warnings };
}

function readParts(
  shaped: ShapedConfig,
  context: ReadingContext,
): Omit<GatewayConfig, "environmentVariables"> {
  return withoutUndefined({
    deployments: readDeployments(shaped.modelEntries, deploymentDefaults(shaped), context),
    virtualKeys: readVirtualKeys(shaped.virtualKeys, context),
    masterKey: readMasterKey(shaped.generalSettings, context),
    permitWeakMasterKey: shaped.generalSettings.dangerously_permit_weak_or_unset_master_key ?? false,
    server: readServer(shaped, context),
    routing: readRouting(shaped),
  });
}

/** From near to far, as in LiteLLM: the deployment (read later), `router_settings`, `litellm_settings`. */
function deploymentDefaults({ routerSettings, litellmSettings }: ShapedConfig): DeploymentDefaults {
  return {
    timeoutMs: milliseconds(routerSettings.timeout ?? litellmSettings.request_timeout),
    firstTokenTimeoutMs: milliseconds(routerSettings.stream_timeout),
    dropParams: litellmSettings.drop_params ?? false,
  };
}

/** A heading with everything under it commented out is common and means "nothing here". */
function withoutEmptySections(root: LocatedMap): LocatedMap {
  const filled = [...root.entries].filter(([key, { value }]) => {
    return key === "model_list" || value.kind !== "scalar" || value.value !== null;
  });
  return { ...root, entries: new Map(filled) };
}

/** Names are taken from the tree, not from what was read: an entry with a mistake elsewhere still has its name. */
function namesIn(root: LocatedMap): KnownNames {
  const list = valueAt(root, ["model_list"]);
  const items = list?.kind === "list" ? list.items : [];
  const textAt = (path: readonly string[]) =>
    items.flatMap((item) => {
      const value = valueAt(item, path);
      return value?.kind === "scalar" && value.value !== null ? [String(value.value)] : [];
    });
  return { modelNames: textAt(["model_name"]), ids: textAt(["model_info", "id"]) };
}

function warnOfNothingToServe({ deployments, virtualKeys }: GatewayConfig, { log }: ReadingContext): void {
  if (deployments.length + virtualKeys.length > 0) return;
  const message = "no model_list and no virtual_keys: only requests that bring a provider key can be served";
  log.warning([], { message });
}
