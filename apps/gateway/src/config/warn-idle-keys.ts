import { keysAwaitingEffect, valuesAlreadyTrue } from "./keys-awaiting-effect.ts";
import { keysWithoutEffect, type Section } from "./litellm-keys.ts";
import type { Path } from "./config-problem.ts";
import { type LocatedMap, type LocatedValue, toPlain, valueAt } from "./located-value.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Names every key that was accepted although nothing will act on it: nothing is ignored in silence. */
export function warnOfIdleKeys(root: LocatedMap, log: ProblemLog): void {
  for (const { section, path, map } of sectionsOf(root)) {
    for (const [key, entry] of map.entries) warnOfKey(section, key, [...path, key], entry.value, log);
  }
}

function warnOfKey(section: Section, key: string, path: Path, value: LocatedValue, log: ProblemLog): void {
  const withoutEffect: readonly string[] = keysWithoutEffect[section];
  if (withoutEffect.includes(key))
    log.warningAtKey(path, { message: "known to LiteLLM, has no effect here" });
  const isAwaiting = keysAwaitingEffect[section].includes(key) && valuesAlreadyTrue[key] !== toPlain(value);
  if (isAwaiting) log.warningAtKey(path, { message: "understood, but has no effect in this version" });
}

interface SectionPart {
  readonly section: Section;
  readonly path: Path;
  readonly map: LocatedMap;
}

function sectionsOf(root: LocatedMap): SectionPart[] {
  const list = valueAt(root, ["model_list"]);
  const entryPaths =
    list?.kind === "list" ? [...list.items.keys()].map((index) => ["model_list", index]) : [];
  const paths: [Section, Path][] = [
    ["root", []],
    ...entryPaths.map((path): [Section, Path] => ["modelEntry", path]),
    ...entryPaths.map((path): [Section, Path] => ["litellmParams", path.concat("litellm_params")]),
    ...entryPaths.map((path): [Section, Path] => ["modelInfo", path.concat("model_info")]),
    ["litellmSettings", ["litellm_settings"]],
    ["routerSettings", ["router_settings"]],
    ["generalSettings", ["general_settings"]],
  ];
  return paths.flatMap(([section, path]) => {
    const map = valueAt(root, path);
    return map?.kind === "map" ? [{ section, path, map }] : [];
  });
}
