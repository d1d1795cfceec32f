import { nearestNames } from "@perilune/core/provider";
import type { ShapedConfig } from "./check-shape.ts";
import type { Path } from "./config-problem.ts";
import { readCountByError } from "./count-by-error.ts";
import { type FallbackRule, type RoutingConfig, routingDefaults } from "./gateway-config.ts";
import { quoted } from "./printable-value.ts";
import { milliseconds } from "./milliseconds.ts";
import type { ReadingContext } from "./reading-context.ts";
import { compileModelNames } from "./wildcard-name.ts";
import { withoutUndefined } from "./without-undefined.ts";

type Settings = Pick<ShapedConfig, "litellmSettings" | "routerSettings">;

/** Routing settings; `router_settings` are nearer than the same keys in `litellm_settings`. */
export function readRouting(settings: Settings): RoutingConfig {
  const { litellmSettings: general, routerSettings: router } = settings;
  return {
    ...routingDefaults,
    ...withoutUndefined({
      strategy: router.routing_strategy,
      strategyPlace: ["router_settings", "routing_strategy"],
      aliases: readAliases(router.model_group_alias),
      fallbacks: rulesOf(settings, "fallbacks"),
      contextWindowFallbacks: rulesOf(settings, "context_window_fallbacks"),
      contentPolicyFallbacks: rulesOf(settings, "content_policy_fallbacks"),
      defaultFallbacks: defaultsOf(settings),
      maxFallbacks: router.max_fallbacks,
      retries: router.num_retries ?? general.num_retries,
      retryAfterMs: milliseconds(router.retry_after),
      retriesByError: router.retry_policy && readCountByError(router.retry_policy),
      retriesByModelAndError: readPolicies(router.model_group_retry_policy),
      allowedFails: router.allowed_fails ?? general.allowed_fails,
      allowedFailsByError: router.allowed_fails_policy && readCountByError(router.allowed_fails_policy),
      cooldownMs: milliseconds(router.cooldown_time ?? general.cooldown_time),
      disableCooldowns: router.disable_cooldowns,
      checkContextWindow: router.enable_pre_call_checks,
      filterByTags: router.enable_tag_filtering,
      matchAnyTag: router.tag_filtering_match_any,
      defaultMaxParallelRequests: router.default_max_parallel_requests,
    }),
  };
}

function readAliases(
  aliases: Settings["routerSettings"]["model_group_alias"] = {},
): RoutingConfig["aliases"] {
  return Object.entries(aliases).map(([alias, value]) => {
    const place = ["router_settings", "model_group_alias", alias];
    if (typeof value === "string") return { place, alias, modelName: value, hidden: false };
    return { place, alias, modelName: value.model, hidden: value.hidden ?? false };
  });
}

/** `router_settings` are nearer than the same key in `litellm_settings`. */
function sectionOf({ routerSettings }: Settings, key: RuleKey | "default_fallbacks") {
  return routerSettings[key] === undefined ? "litellm_settings" : "router_settings";
}

function rulesOf(settings: Settings, key: RuleKey): FallbackRule[] {
  const section = sectionOf(settings, key);
  const values = section === "router_settings" ? settings.routerSettings : settings.litellmSettings;
  return (values[key] ?? []).flatMap((rule, index) =>
    Object.entries(rule).map(([modelName, targets]) => ({
      place: [section, key, index, modelName],
      modelName,
      targets,
    })),
  );
}

function defaultsOf(settings: Settings): RoutingConfig["defaultFallbacks"] {
  const targets = settings.routerSettings.default_fallbacks ?? settings.litellmSettings.default_fallbacks;
  return { place: [sectionOf(settings, "default_fallbacks"), "default_fallbacks"], targets: targets ?? [] };
}

function readPolicies(policies: Settings["routerSettings"]["model_group_retry_policy"] = {}) {
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, readCountByError(policy)]),
  );
}

/** What fallbacks and aliases may point at. */
export interface KnownNames {
  readonly modelNames: readonly string[];
  readonly ids: readonly string[];
}

const ruleKeys = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"] as const;
type RuleKey = (typeof ruleKeys)[number];

/** A fallback to a model that does not exist is found on the worst day, unless it is found here. */
export function checkRoutingNames(settings: Settings, names: KnownNames, { log }: ReadingContext): void {
  const check = nameCheck(settings, names, log);
  for (const section of ["litellm_settings", "router_settings"] as const) {
    const values = section === "litellm_settings" ? settings.litellmSettings : settings.routerSettings;
    values.default_fallbacks?.forEach((name, index) =>
      check(name, [section, "default_fallbacks", index], "value"),
    );
    for (const key of ruleKeys) {
      for (const [index, rule] of (values[key] ?? []).entries()) {
        for (const [from, targets] of Object.entries(rule)) {
          const path = [section, key, index, from];
          if (from !== "*") check(from, path, "key");
          targets.forEach((target, position) => check(target, [...path, position], "value"));
        }
      }
    }
  }
  for (const { alias, modelName } of readAliases(settings.routerSettings.model_group_alias)) {
    check(modelName, ["router_settings", "model_group_alias", alias], "value");
  }
}

function nameCheck(
  { routerSettings }: Settings,
  { modelNames, ids }: KnownNames,
  log: ReadingContext["log"],
) {
  const lookup = compileModelNames(modelNames.map((modelName) => ({ modelName, model: modelName })));
  const others = [...ids, ...Object.keys(routerSettings.model_group_alias ?? {})];
  return (name: string, path: Path, at: "key" | "value"): void => {
    if (others.includes(name) || lookup(name) !== undefined) return;
    const near = nearestNames(name, [...modelNames, ...others])[0];
    const message = `no model_name ${quoted(name) ?? "like this"} in model_list`;
    const complaint = near === undefined ? { message } : { message, suggestion: near };
    if (at === "key") log.errorAtKey(path, complaint);
    else log.error(path, complaint);
  };
}
