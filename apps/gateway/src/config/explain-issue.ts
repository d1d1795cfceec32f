import { z } from "zod";
import { nearestNames } from "@perilune/core/provider";
import { sectionNames, sectionSchemas, serverSchema } from "./config-schema.ts";
import type { Complaint, Path } from "./config-problem.ts";
import { keysWithoutEffect } from "./litellm-keys.ts";
import { type LocatedScalar, type LocatedValue, valueAt } from "./located-value.ts";
import { isSecretPath, printableKey, printableValue, quoted } from "./printable-value.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Says what a schema issue means to somebody who writes the file, at the key or the value that has to change. */
export function reportIssue(issue: z.core.$ZodIssue, schema: z.ZodType, root: LocatedValue, log: ProblemLog) {
  const path = pathOf(issue);
  if (issue.code === "unrecognized_keys") {
    const owner = schemaAt(schema, path);
    for (const key of issue.keys) log.errorAtKey([...path, key], unknownKey(key, owner));
    return;
  }
  log.error(path, complaintAbout(issue, valueAt(root, path), path));
}

export function pathOf(issue: z.core.$ZodIssue): Path {
  return issue.path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
}

function complaintAbout(issue: z.core.$ZodIssue, value: LocatedValue | undefined, path: Path): Complaint {
  // The schemas carry the words after "expected" as their error text.
  const expected = issue.message;
  if (value === undefined) return { message: `missing, expected ${expected}`, expected };
  const message = `expected ${expected}, got ${printableValue(value, path)}`;
  const isShown = value.kind === "scalar" && value.variable === undefined && !isSecretPath(path);
  const suggestion = isShown ? suggestValue(issue, value) : undefined;
  return suggestion === undefined ? { message, expected } : { message, expected, suggestion };
}

function suggestValue(issue: z.core.$ZodIssue, { value }: LocatedScalar): string | undefined {
  if (issue.code === "invalid_value" && typeof value === "string") {
    return nearestNames(value, issue.values.map(String))[0];
  }
  if (issue.code === "custom" && typeof value === "string") return withScheme(value);
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "string" && value !== null && typeof value !== "string")
    return JSON.stringify(`${value}`);
  if (typeof value !== "string") return undefined;
  if (issue.expected === "array") return value === "" ? undefined : bracketed(value);
  if (issue.expected === "boolean") return booleanMeant(value);
  const isNumber = issue.expected === "number" || issue.expected === "int";
  return isNumber ? numberMeant(value, issue.message.startsWith("a number of seconds")) : undefined;
}

function bracketed(value: string): string | undefined {
  const shown = quoted(value);
  return shown === undefined ? undefined : `[${shown}]`;
}

function withScheme(value: string): string | undefined {
  const looksLikeHost = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[\w./-]*)?$/u.test(value);
  return looksLikeHost ? `https://${value}` : undefined;
}

/** YAML 1.1, which LiteLLM reads, has more words for true and false than YAML 1.2. */
function booleanMeant(value: string): string | undefined {
  if (/^(?:yes|on|y|true)$/iu.test(value)) return "true";
  return /^(?:no|off|n|false)$/iu.test(value) ? "false" : undefined;
}

const unitSeconds: Readonly<Record<string, number>> = { "": 1, ms: 0.001, s: 1, m: 60, h: 3600 };

function numberMeant(value: string, isSeconds: boolean): string | undefined {
  const parts = /^(?<digits>\d{1,9}(?:\.\d{1,6})?) ?(?<unit>ms|s|m|h|)$/u.exec(value)?.groups;
  const factor = unitSeconds[parts?.["unit"] ?? ""] ?? 1;
  if (parts === undefined || (!isSeconds && parts["unit"] !== "")) return undefined;
  return String(Number((Number(parts["digits"]) * factor).toFixed(6)));
}

function unknownKey(key: string, owner: z.ZodType | undefined): Complaint {
  const message = `unknown key ${printableKey(key)}`;
  if (!(owner instanceof z.ZodObject)) return { message };
  const suggestion = keyElsewhere(key, owner) ?? nearestNames(key, Object.keys(owner.shape))[0];
  if (suggestion !== undefined) return { message, suggestion };
  const known = effectiveKeys(owner);
  if (known.length > 12) return { message };
  const expected = `one of ${known.join(", ")}`;
  return { message: `${message}, expected ${expected}`, expected };
}

function effectiveKeys(owner: z.ZodObject): string[] {
  const inert: ReadonlySet<string> = new Set(Object.values(keysWithoutEffect).flat());
  return Object.keys(owner.shape).filter((key) => !inert.has(key));
}

type Place = readonly [schema: z.ZodObject, name: string];

/** A key that is right in another section is in the wrong place, rather than misspelled. */
function keyElsewhere(key: string, owner: z.ZodObject): string | undefined {
  const { modelEntry, litellmParams, modelInfo, ...settings } = sectionSchemas;
  const ofModels: Place[] = [
    [litellmParams, sectionNames.litellmParams],
    [modelInfo, sectionNames.modelInfo],
    [modelEntry, sectionNames.modelEntry],
  ];
  const ofGateway: Place[] = [
    [settings.root, sectionNames.root],
    [serverSchema, "server"],
    [settings.generalSettings, sectionNames.generalSettings],
    [settings.routerSettings, sectionNames.routerSettings],
    [settings.litellmSettings, sectionNames.litellmSettings],
  ];
  const isOfModels = ofModels.some(([schema]) => schema === owner);
  const places = isOfModels ? [...ofModels, ...ofGateway] : [...ofGateway, ...ofModels];
  if (!places.some(([schema]) => schema === owner)) return undefined;
  const found = places.find(([schema]) => effectiveKeys(schema).includes(key));
  return found && (found[0] === settings.root ? `${key} at ${found[1]}` : `${key} under ${found[1]}`);
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: unknown = unwrapped(schema);
  for (const segment of path) {
    if (current instanceof z.ZodObject) current = unwrapped(current.shape[String(segment)]);
    else if (current instanceof z.ZodArray) current = unwrapped(current.element);
    else if (current instanceof z.ZodRecord) current = unwrapped(current.valueType);
  }
  return current instanceof z.ZodType ? current : undefined;
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}
