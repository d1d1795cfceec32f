import type { Provenance } from "@perilune/core/provider";
import { familyRules, isFamilyName, newestFamily, type FamilyName } from "./family-rules.ts";
import { models, type MoonshotProfile } from "./models.ts";

const byId = new Map(models.map((model) => [model.id, model]));

const familiesByLength = Object.keys(familyRules)
  .filter(isFamilyName)
  .toSorted((one, other) => other.length - one.length);

/** The newest known model of a family, whose abilities its unknown siblings are taken to have. */
const representatives: Readonly<Record<FamilyName, string>> = {
  "moonshot-v1": "moonshot-v1-auto",
  "kimi-latest": "kimi-latest",
  "kimi-thinking-preview": "kimi-thinking-preview",
  "kimi-k2": "kimi-k2-0905-preview",
  "kimi-k2-thinking": "kimi-k2-thinking",
  "kimi-k2.5": "kimi-k2.5",
  "kimi-k2.6": "kimi-k2.6",
  "kimi-k2.7-code": "kimi-k2.7-code",
  "kimi-k3": "kimi-k3.1-pro",
};

/** The profile of any id: known by name, else inferred from the family its name begins with, else the newest. */
export function profileOf(modelId: string): MoonshotProfile {
  return byId.get(modelId) ?? inferProfile(modelId, familyOf(modelId));
}

function familyOf(modelId: string): FamilyName {
  return familiesByLength.find((family) => startsWithWord(modelId, family)) ?? newestFamily;
}

/** `kimi-k3.2` and `kimi-k3-mini` are of the family `kimi-k3`; `kimi-k2.9` is not of `kimi-k2`. */
function startsWithWord(modelId: string, family: FamilyName): boolean {
  if (!modelId.startsWith(family)) return false;
  const next = modelId.charAt(family.length);
  return next === "" || next === "-" || (next === "." && !family.includes(".") && family !== "kimi-k2");
}

function inferProfile(modelId: string, family: FamilyName): MoonshotProfile {
  const sibling = byId.get(representatives[family]);
  if (sibling === undefined) throw new Error(`no model represents the family ${family}`);
  const { priceProvenance: _priceProvenance, ...abilities } = sibling;
  return {
    ...abilities,
    id: modelId,
    lifecycle: { state: "live" },
    contextWindowTokens: sizeInName(modelId) ?? sibling.contextWindowTokens,
    prices: {},
    provenance: inferredFrom(sibling),
  };
}

/** The first generation writes its context into the name: `moonshot-v1-64k`. */
function sizeInName(modelId: string): number | undefined {
  const thousands = /^moonshot-v1-(\d+)k\b/.exec(modelId)?.[1];
  return thousands === undefined ? undefined : Number(thousands) * 1024;
}

function inferredFrom(sibling: MoonshotProfile): Provenance {
  return {
    evidence: "inferred",
    date: "2026-11-22",
    source: `taken for a sibling of ${sibling.id} by its name`,
  };
}
