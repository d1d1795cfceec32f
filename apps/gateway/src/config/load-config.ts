import { type ConfigProblem, inFileOrder } from "./config-problem.ts";
import { readEnvironmentConfig } from "./environment-config.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { type ReadFile, readWithIncludes } from "./include-files.ts";
import { type Interpretation, interpretConfig } from "./interpret-config.ts";
import { locateMap } from "./located-value.ts";
import type { RouteProblem } from "@perilune/core";
import type { ProviderKnowledge } from "./provider-knowledge.ts";
import type { Environment } from "./resolve-environment.ts";

/** All problems are in it, in the order of the files; a configuration is there only when there is no error. */
export type ConfigResult =
  | { readonly ok: true; readonly config: GatewayConfig; readonly warnings: readonly ConfigProblem[] }
  | {
      readonly ok: false;
      readonly problems: readonly ConfigProblem[];
      readonly warnings: readonly ConfigProblem[];
    };

/** What every way of configuring needs besides the configuration itself. */
export interface ConfigSurroundings {
  /** What only shows when routes are made of it: loops, fallbacks that can never fit. */
  readonly checkRoutes?: (config: GatewayConfig) => readonly RouteProblem[];
  readonly environment: Environment;
  readonly providers: readonly ProviderKnowledge[];
}

export interface ConfigSource extends ConfigSurroundings {
  /** As it is shown in messages; included files are found relative to it. */
  readonly path: string;
  readonly readFile: ReadFile;
}

/** Reads a LiteLLM-style YAML file with everything it includes. Never throws for what is written in a file. */
export function loadConfig({ path, readFile, ...surroundings }: ConfigSource): ConfigResult {
  const { root, files, errors, warnings } = readWithIncludes(path, readFile);
  if (root === undefined) return { ok: false, problems: inFileOrder(errors, files), warnings };
  const interpretation = interpretConfig(root, surroundings);
  return toResult(interpretation, files, { errors, warnings });
}

/** As `loadConfig`, for a configuration that is in memory: demo mode, tests, embedding. `name` stands in for the file. */
export function loadConfigObject(
  value: object,
  name: string,
  surroundings: ConfigSurroundings,
): ConfigResult {
  const interpretation = interpretConfig(locateMap(value, name), surroundings);
  return toResult(interpretation, [name], { errors: [], warnings: [] });
}

/** The configuration when there is no file: each provider whose key is set, under its prefix and its plain names. */
export function configFromEnvironment(surroundings: ConfigSurroundings): ConfigResult {
  return loadConfigObject(readEnvironmentConfig(surroundings), "environment", surroundings);
}

type Told = Pick<Interpretation, "errors" | "warnings">;

function toResult(interpretation: Interpretation, files: readonly string[], earlier: Told): ConfigResult {
  const problems = inFileOrder([...earlier.errors, ...interpretation.errors], files);
  const warnings = inFileOrder([...earlier.warnings, ...interpretation.warnings], files);
  return problems.length > 0
    ? { ok: false, problems, warnings }
    : { ok: true, config: interpretation.config, warnings };
}
