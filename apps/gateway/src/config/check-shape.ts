import type { z } from "zod";
import {
  configSchema,
  generalSettingsSchema,
  litellmSettingsSchema,
  type ModelEntryInput,
  modelEntrySchema,
  routerSettingsSchema,
  serverSchema,
  type VirtualKeyInput,
  virtualKeySchema,
} from "./config-schema.ts";
import type { Path } from "./config-problem.ts";
import { editPlain } from "./edit-plain.ts";
import { pathOf, reportIssue } from "./explain-issue.ts";
import { type LocatedMap, toPlain, valueAt } from "./located-value.ts";
import type { ProblemLog } from "./problem-log.ts";

/** The parts of a configuration that have the right shape, each with the path it came from. */
export interface ShapedConfig {
  readonly modelEntries: readonly { readonly path: Path; readonly input: ModelEntryInput }[];
  readonly virtualKeys: readonly {
    readonly path: Path;
    readonly slug: string;
    readonly input: VirtualKeyInput;
  }[];
  readonly litellmSettings: z.infer<typeof litellmSettingsSchema>;
  readonly routerSettings: z.infer<typeof routerSettingsSchema>;
  readonly generalSettings: z.infer<typeof generalSettingsSchema>;
  readonly server: z.infer<typeof serverSchema>;
}

/**
 * Checks kinds, ranges and key names and reports every issue. What is wrong is then cut out, so that the rest can be
 * looked at for further mistakes in the same run: one start, all problems.
 */
export function checkShape(root: LocatedMap, log: ProblemLog): ShapedConfig {
  const plain = toPlain(root);
  const issues = issuesAfterRetyping(plain, root);
  for (const issue of issues) {
    reportIssue(issue, configSchema, root, log);
    cutOut(plain, issue);
  }
  // A map, because the root is one; what is wrong inside has just been cut out of it.
  const sections = plain as Record<string, unknown>;
  return {
    modelEntries: shapedModelEntries(sections["model_list"]),
    virtualKeys: shapedVirtualKeys(sections["virtual_keys"]),
    litellmSettings: parsed(litellmSettingsSchema, sections["litellm_settings"]) ?? {},
    routerSettings: parsed(routerSettingsSchema, sections["router_settings"]) ?? {},
    generalSettings: parsed(generalSettingsSchema, sections["general_settings"]) ?? {},
    server: parsed(serverSchema, sections["server"]) ?? {},
  };
}

/** Variables are always text; where a number or a switch belongs, their text is read as one. */
function issuesAfterRetyping(plain: unknown, root: LocatedMap): readonly z.core.$ZodIssue[] {
  const issues = configSchema.safeParse(plain).error?.issues ?? [];
  let retyped = false;
  for (const issue of issues) {
    const path = pathOf(issue);
    const node = valueAt(root, path);
    const isVariable = node?.kind === "scalar" && node.variable !== undefined;
    const value =
      isVariable && issue.code === "invalid_type" ? fromText(String(node.value), issue.expected) : undefined;
    if (value === undefined) continue;
    editPlain(plain, path, value);
    retyped = true;
  }
  return retyped ? (configSchema.safeParse(plain).error?.issues ?? []) : issues;
}

function fromText(text: string, expected: string): number | boolean | undefined {
  if (expected === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  const isNumber = expected === "number" || expected === "int";
  return isNumber && /^-?\d+(?:\.\d+)?$/u.test(text) ? Number(text) : undefined;
}

function cutOut(plain: unknown, issue: z.core.$ZodIssue): void {
  const path = pathOf(issue);
  if (issue.code !== "unrecognized_keys") return editPlain(plain, path, undefined);
  for (const key of issue.keys) editPlain(plain, [...path, key], undefined);
}

function shapedModelEntries(list: unknown): ShapedConfig["modelEntries"] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => {
    const input = parsed(modelEntrySchema, item);
    return input === undefined ? [] : [{ path: ["model_list", index], input }];
  });
}

function shapedVirtualKeys(map: unknown): ShapedConfig["virtualKeys"] {
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map).flatMap(([slug, item]) => {
    const input = parsed(virtualKeySchema, item);
    return input === undefined ? [] : [{ path: ["virtual_keys", slug], slug, input }];
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> | undefined {
  return schema.safeParse(value).data;
}
