import { dirname, isAbsolute, join } from "node:path";
import type { ConfigProblem, Place } from "./config-problem.ts";
import type { LocatedEntry, LocatedMap, LocatedValue } from "./located-value.ts";
import { printableValue, quoted } from "./printable-value.ts";
import { readYaml } from "./read-yaml.ts";

/** Reads the text of a file; throws like `node:fs` when it cannot. */
export type ReadFile = (path: string) => string;

export interface MergedFiles {
  /** Missing when the main file could not be understood. */
  readonly root: LocatedMap | undefined;
  /** Every file that was read, in the order of reading. */
  readonly files: readonly string[];
  readonly errors: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads a configuration and the files it includes, with LiteLLM's rules: lists of an included file are appended,
 * every other key overwrites (said in a warning). Beyond LiteLLM, an included file may include further ones; paths
 * are relative to the file that names them, and a file that includes itself in the end is refused.
 */
export function readWithIncludes(path: string, readFile: ReadFile): MergedFiles {
  const merger = new IncludeReader(readFile);
  const root = merger.read(path, [], { place: { file: path, line: 1, column: 1 }, path: "" });
  return { root, files: merger.files, errors: merger.errors, warnings: merger.warnings };
}

/** Where a file is asked for: an unreadable one is the mistake of whoever names it. */
interface Asked {
  readonly place: Place;
  readonly path: string;
}

class IncludeReader {
  readonly files: string[] = [];
  readonly errors: ConfigProblem[] = [];
  readonly warnings: ConfigProblem[] = [];
  readonly #readFile: ReadFile;

  constructor(readFile: ReadFile) {
    this.#readFile = readFile;
  }

  read(file: string, includedBy: readonly string[], asked: Asked): LocatedMap | undefined {
    if (includedBy.includes(file)) {
      this.#complain(asked, `${[...includedBy, file].join(" includes ")}: a file cannot include itself`);
      return undefined;
    }
    const text = this.#textOf(file, asked);
    if (text === undefined) return undefined;
    if (!this.files.includes(file)) this.files.push(file);
    const { root, problems } = readYaml(file, text);
    this.errors.push(...problems);
    return root && this.#withIncludes(root, file, [...includedBy, file]);
  }

  #textOf(file: string, asked: Asked): string | undefined {
    try {
      return this.#readFile(file);
    } catch (error) {
      const subject = asked.path === "" ? "the configuration file" : file;
      this.#complain(asked, `${subject} cannot be read: ${reasonOf(error)}`);
      return undefined;
    }
  }

  #withIncludes(root: LocatedMap, file: string, chain: readonly string[]): LocatedMap {
    const include = root.entries.get("include");
    if (include === undefined) return root;
    const entries = new Map(root.entries);
    entries.delete("include");
    for (const [index, item] of this.#namesIn(include.value).entries()) {
      const asked = { place: item.place, path: `include[${index}]` };
      const included = this.#readNamed(item, file, chain, asked);
      if (included !== undefined) this.#merge(entries, included);
    }
    return { ...root, entries };
  }

  #namesIn(value: LocatedValue): readonly LocatedValue[] {
    if (value.kind === "list") return value.items;
    const expected = "a list of file names";
    const text = value.kind === "scalar" ? value.value : null;
    const name = typeof text === "string" ? quoted(text) : undefined;
    this.errors.push({
      ...value.place,
      path: "include",
      message: `expected ${expected}, got ${printableValue(value, ["include"])}`,
      expected,
      ...(name === undefined ? {} : { suggestion: `[${name}]` }),
    });
    return [];
  }

  #readNamed(
    item: LocatedValue,
    file: string,
    chain: readonly string[],
    asked: Asked,
  ): LocatedMap | undefined {
    if (item.kind !== "scalar" || typeof item.value !== "string" || item.value === "") {
      this.#complain(asked, `expected a file name, got ${printableValue(item, ["include"])}`);
      return undefined;
    }
    return this.read(isAbsolute(item.value) ? item.value : join(dirname(file), item.value), chain, asked);
  }

  #merge(entries: Map<string, LocatedEntry>, included: LocatedMap): void {
    for (const [key, theirs] of included.entries) {
      const ours = entries.get(key);
      if (ours?.value.kind === "list" && theirs.value.kind === "list") {
        entries.set(key, {
          ...ours,
          value: { ...ours.value, items: [...ours.value.items, ...theirs.value.items] },
        });
        continue;
      }
      if (ours !== undefined) this.#warnOfOverwriting(key, ours, theirs);
      entries.set(key, theirs);
    }
  }

  #warnOfOverwriting(key: string, ours: LocatedEntry, theirs: LocatedEntry): void {
    const { file, line, column } = ours.keyPlace;
    const message = `replaces the whole of ${key} at ${file}:${line}:${column}, because it is included there`;
    this.warnings.push({ ...theirs.keyPlace, path: key, message });
  }

  #complain(asked: Asked, message: string): void {
    this.errors.push({ ...asked.place, path: asked.path, message });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  return reasons[code] ?? code;
}
