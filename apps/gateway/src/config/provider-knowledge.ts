import type { z } from "zod";
import { nearestNames } from "@perilune/core/provider";
import type { Complaint } from "./config-problem.ts";
import { quoted } from "./printable-value.ts";

/** What a configuration can be checked against: one entry for each provider that is installed. */
export interface ProviderKnowledge {
  /** The part before the slash: "moonshot" in "moonshot/kimi-k3". */
  readonly id: string;
  /** Where the key comes from when a deployment has none: "MOONSHOT_API_KEY". */
  readonly apiKeyVariable: string;
  /** Where the address comes from when a deployment has none: "MOONSHOT_API_BASE". */
  readonly baseUrlVariable: string;
  readonly modelIds: readonly string[];
  /** Patterns of ids that name this provider's models without its prefix: "kimi-*". */
  readonly plainNames: readonly string[];
  /** The family whose rules an id that is not listed is handled by; undefined when it is of none. */
  familyOf(modelId: string): string | undefined;
  /** Of a listed model; undefined while it is live. */
  retirementOf(modelId: string): Retirement | undefined;
  /** Schema of `provider_settings`; without one, there are none. */
  readonly settings?: z.ZodType;
}

interface Retirement {
  /** ISO date. */
  readonly on: string;
  readonly replacedBy: string;
}

export interface Target {
  readonly provider: ProviderKnowledge;
  /** The provider's own id, without the prefix; may hold wildcards. */
  readonly model: string;
}

export type TargetReading = { readonly target: Target } | { readonly complaint: Complaint };

const expected = '"provider/model"';

/** Splits "moonshot/kimi-k3" into a provider that is installed and a model id. */
export function readModelReference(
  reference: string,
  providers: readonly ProviderKnowledge[],
): TargetReading {
  const slash = reference.indexOf("/");
  if (slash < 0) return { complaint: bareModel(reference, providers) };
  const model = reference.slice(slash + 1);
  const found = findProvider(reference.slice(0, slash), providers);
  if ("complaint" in found) {
    const { suggestion, ...complaint } = found.complaint;
    if (suggestion === undefined) return { complaint };
    return { complaint: { ...complaint, suggestion: `${suggestion}/${model}` } };
  }
  if (model === "")
    return { complaint: { message: `expected ${expected}, got no model after the slash`, expected } };
  return { target: { provider: found.provider, model } };
}

/** The installed provider with this id. */
export function findProvider(
  id: string,
  providers: readonly ProviderKnowledge[],
): { readonly provider: ProviderKnowledge } | { readonly complaint: Complaint } {
  const provider = providers.find((candidate) => candidate.id === id);
  if (provider !== undefined) return { provider };
  const ids = providers.map((candidate) => candidate.id);
  const expectedIds = `one of ${ids.join(", ")}`;
  const near = nearestNames(id, ids)[0];
  const shown = quoted(id);
  const message = `unknown provider${shown === undefined ? "" : ` ${shown}`}, expected ${expectedIds}`;
  const complaint = { message, expected: expectedIds };
  return { complaint: near === undefined ? complaint : { ...complaint, suggestion: near } };
}

/** A bare id says which provider is meant when exactly one of them lists it, or failing that, knows its family. */
function bareModel(model: string, providers: readonly ProviderKnowledge[]): Complaint {
  const listing = providers.filter((provider) => provider.modelIds.includes(model));
  const knowing = providers.filter((provider) => model === "*" || provider.familyOf(model) !== undefined);
  const candidates = listing.length > 0 ? listing : knowing;
  const message = `expected ${expected}, got ${quoted(model) ?? "text (not shown)"}`;
  const [only, ...others] = candidates;
  if (only === undefined || others.length > 0) return { message, expected };
  return { message, expected, suggestion: `${only.id}/${model}` };
}
