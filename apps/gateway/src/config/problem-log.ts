import type { Complaint, ConfigProblem, Path, Place } from "./config-problem.ts";
import { keyPlaceAt, type LocatedValue, valueAt } from "./located-value.ts";
import { printablePath } from "./printable-value.ts";

/** Collects problems by path; the place is looked up in the tree that the paths run through. */
export interface ProblemLog {
  readonly errors: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  error(path: Path, complaint: Complaint): void;
  warning(path: Path, complaint: Complaint): void;
  /** Like `error`, pointing at the key instead of the value: the key itself is the mistake. */
  errorAtKey(path: Path, complaint: Complaint): void;
  warningAtKey(path: Path, complaint: Complaint): void;
  /** `model_list[0] (config.yaml:2:5)`, for a message that points at another place. */
  describe(path: Path): string;
}

export function createProblemLog(root: LocatedValue): ProblemLog {
  const errors: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const addTo =
    (list: ConfigProblem[], placeOf: typeof placeOfValue) => (path: Path, complaint: Complaint) => {
      // The missing variable has been told already; a key in the wrong place is still a mistake of its own.
      if (placeOf === placeOfValue && isUnresolved(root, path)) return;
      const place = placeOf(root, path);
      list.push({ ...place, path: printablePath(ownPath(root, path)), ...complaint });
    };
  return {
    errors,
    warnings,
    error: addTo(errors, placeOfValue),
    warning: addTo(warnings, placeOfValue),
    errorAtKey: addTo(errors, placeOfKey),
    warningAtKey: addTo(warnings, placeOfKey),
    describe: (path) => {
      const { file, line, column } = placeOfValue(root, path);
      return `${printablePath(ownPath(root, path))} (${file}:${line}:${column})`;
    },
  };
}

function isUnresolved(root: LocatedValue, path: Path): boolean {
  const value = valueAt(root, path);
  return value?.kind === "scalar" && value.unresolved === true;
}

/** An empty value ("timeout:") stands nowhere, so its key is shown; a missing one is shown at its nearest parent's key. */
function placeOfValue(root: LocatedValue, path: Path): Place {
  const value = valueAt(root, path);
  const isThere = value !== undefined && !(value.kind === "scalar" && value.value === null);
  return isThere ? value.place : placeOfKey(root, path);
}

function placeOfKey(root: LocatedValue, path: Path): Place {
  if (path.length === 0) return root.place;
  return keyPlaceAt(root, path) ?? placeOfKey(root, path.slice(0, -1));
}

/** The path as it reads in the file that holds it: an included list item is counted in its own file. */
function ownPath(root: LocatedValue, path: Path): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const value = valueAt(root, path.slice(0, length));
    if (value !== undefined) return [...value.path, ...path.slice(length)];
  }
  return path;
}
