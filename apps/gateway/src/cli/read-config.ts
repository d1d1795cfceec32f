import { readFileSync } from "node:fs";
import { formatProblem } from "../config/format-problem.ts";
import { loadConfig } from "../config/load-config.ts";
import type { ConfigResult } from "../config/load-config.ts";
import { installedAdapters, knowledgeOf } from "../providers.ts";
import { baseUrls } from "../routing/base-urls.ts";
import { routeProblems } from "../routing/configured-routes.ts";
import type { Surroundings } from "./surroundings.ts";

export function readConfig(path: string, { environment }: Surroundings): ConfigResult {
  return loadConfig({
    path,
    readFile: (file) => readFileSync(file, "utf8"),
    environment,
    providers: installedAdapters.map(knowledgeOf),
    checkRoutes: (config) =>
      routeProblems(config, installedAdapters, baseUrls({ ...environment, ...config.environmentVariables })),
  });
}

/** Every problem, one line each: errors as they are, warnings marked. */
export function tell(result: ConfigResult, surroundings: Surroundings): void {
  for (const warning of result.warnings) surroundings.complain(`warning: ${formatProblem(warning)}`);
  if (!result.ok) for (const problem of result.problems) surroundings.complain(formatProblem(problem));
}
