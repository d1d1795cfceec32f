import type { ProblemLog } from "./problem-log.ts";
import type { ProviderKnowledge } from "./provider-knowledge.ts";
import type { Environment } from "./resolve-environment.ts";

/** What every part of a configuration is read against. */
export interface ReadingContext {
  readonly providers: readonly ProviderKnowledge[];
  /** Already with `environment_variables` in it. */
  readonly environment: Environment;
  readonly log: ProblemLog;
}
