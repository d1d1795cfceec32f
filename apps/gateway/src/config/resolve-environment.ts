import { nearestNames } from "@perilune/core/provider";
import type { Complaint, ConfigProblem, Path } from "./config-problem.ts";
import { type LocatedEntry, type LocatedMap, type LocatedScalar, mapScalars } from "./located-value.ts";
import { isSecretKey, printablePath } from "./printable-value.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ResolvedTree {
  readonly root: LocatedMap;
  /** The given environment with `environment_variables` laid over it; `process.env` is never touched. */
  readonly environment: Environment;
  /** Only what `environment_variables` added. */
  readonly exported: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
}

const prefix = "os.environ/";

/**
 * Replaces every `os.environ/NAME` by the variable's value, inside lists as well. `environment_variables` come first,
 * from top to bottom, and may refer to the outer environment and to the ones above.
 */
export function resolveEnvironment(root: LocatedMap, outer: Environment): ResolvedTree {
  const problems: ConfigProblem[] = [];
  const exported: Record<string, string> = Object.create(null);
  const environment: Record<string, string | undefined> = Object.assign(Object.create(null), outer);
  const resolve = (scalar: LocatedScalar, mayBeEmpty: boolean): LocatedScalar => {
    const result = resolveScalar(scalar, environment, mayBeEmpty);
    if ("value" in result) return result;
    problems.push({ ...scalar.place, path: printablePath(scalar.path), ...result });
    return { ...scalar, unresolved: true };
  };
  const entries = new Map<string, LocatedEntry>();
  const variables = root.entries.get("environment_variables");
  if (variables?.value.kind === "map") {
    const resolved = new Map<string, LocatedEntry>();
    for (const [name, entry] of variables.value.entries) {
      const value = mapScalars(entry.value, (scalar) => resolve(scalar, true));
      resolved.set(name, { ...entry, value });
      if (value.kind !== "scalar" || value.value === null || value.unresolved) continue;
      exported[name] = environment[name] = String(value.value);
    }
    entries.set("environment_variables", { ...variables, value: { ...variables.value, entries: resolved } });
  }
  for (const [key, entry] of root.entries) {
    if (entries.has(key)) continue;
    entries.set(key, { ...entry, value: mapScalars(entry.value, (scalar) => resolve(scalar, false)) });
  }
  return { root: { ...root, entries }, environment, exported, problems };
}

function resolveScalar(
  scalar: LocatedScalar,
  environment: Environment,
  mayBeEmpty: boolean,
): LocatedScalar | Complaint {
  if (typeof scalar.value !== "string") return scalar;
  if (!scalar.value.startsWith(prefix)) return misspelledReference(scalar.value, scalar.path) ?? scalar;
  const variable = scalar.value.slice(prefix.length);
  if (variable === "")
    return { message: `${prefix} names no environment variable`, expected: `${prefix}NAME` };
  const value = environment[variable];
  if (value === undefined) return missingVariable(variable, environment);
  if (value === "" && !mayBeEmpty)
    return { message: `the environment variable ${variable} is set but empty` };
  return { ...scalar, value, variable };
}

function missingVariable(variable: string, environment: Environment): Complaint {
  const set = Object.keys(environment).filter((name) => environment[name] !== undefined);
  const near = nearestNames(variable, set)[0];
  const message = `the environment variable ${variable} is not set`;
  return near === undefined ? { message } : { message, suggestion: `${prefix}${near}` };
}

/** Sent as it stands, "${MOONSHOT_API_KEY}" would become the key itself and come back as a puzzling 401. */
function misspelledReference(text: string, path: Path): Complaint | undefined {
  const nearPrefix = /^(?:os\.env(?:iron(?:ment)?)?|env(?:iron)?)[./:[]+["']?(?<name>[A-Za-z_]\w*)/u.exec(
    text,
  );
  const shell = needsReference(path) ? /^\$\{?(?<name>[A-Za-z_]\w*)\}?$/u.exec(text) : null;
  const name = (nearPrefix ?? shell)?.groups?.["name"];
  if (name === undefined) return undefined;
  const expected = `${prefix}NAME`;
  return {
    message: `expected ${expected} to read an environment variable`,
    expected,
    suggestion: prefix + name,
  };
}

function needsReference(path: Path): boolean {
  const key = path.at(-1);
  return typeof key === "string" && (isSecretKey(key) || key === "api_base" || key === "base_url");
}
