import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import { estimatePrice } from "../balancing/price-estimate.ts";
import type { PriceEstimate } from "../balancing/price-estimate.ts";
import { expectedUse } from "../balancing/target-state.ts";
import { toProviderError } from "../contract/provider-error.ts";
import type { ProviderErrorFacts } from "../contract/provider-error.ts";
import { applyRequestChanges } from "../routing/apply-request-changes.ts";
import type { Deployment } from "../routing/deployment.ts";
import type { ExcludedTarget } from "../routing/plan-route.ts";
import type { Step } from "../routing/ranked-tree.ts";
import { noChanges } from "../routing/request-changes.ts";
import { decide } from "./dispatch-chat.ts";
import type { DispatchMeans, DispatchOptions } from "./dispatch-chat.ts";
import { prepareAttempt } from "./prepare-attempt.ts";
import { refuseAdjustments } from "./refuse-adjustments.ts";

/** What would happen to a request, with nothing sent. */
export interface Explanation {
  readonly decisionId: string;
  /** In the order in which they would be tried. */
  readonly targets: readonly ExplainedTarget[];
  readonly excluded: readonly ExcludedTarget[];
}

export interface ExplainedTarget {
  readonly deploymentId: string;
  readonly providerId: string;
  readonly modelId: string;
  /** Where it was written. */
  readonly path: string;
  readonly reason: string;
  /** Whether it could be asked at this moment. */
  readonly availability: "available" | "probe" | "out";
  /** The request as it would be sent, without the key; or why it cannot be. */
  readonly request:
    | {
        readonly method: string;
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: unknown;
      }
    | { readonly error: Omit<ProviderErrorFacts, "cause"> };
  readonly adjustments: readonly Adjustment[];
  /** A rough one, by the model's own prices; never billed. */
  readonly expectedPrice: PriceEstimate;
}

/** The decision a dispatch would make now, and the exact request each target would get. Makes no upstream call. */
export function explain(means: DispatchMeans, request: ChatRequest, options: DispatchOptions): Explanation {
  const decision = decide(means, request, options);
  return {
    decisionId: decision.id,
    targets: decision.steps.map((step) => explainStep(means, request, step, options.strict === true)),
    excluded: decision.excluded,
  };
}

function explainStep(
  means: DispatchMeans,
  request: ChatRequest,
  { leaf }: Step,
  isStrict: boolean,
): ExplainedTarget {
  const { deployment, changes = noChanges, path } = leaf.node;
  const { provider, modelId } = deployment;
  const changed = applyRequestChanges(request, changes);
  const use = expectedUse(request);
  const tokens = { prompt: use.promptTokens, cachedPrompt: 0, output: use.outputTokens };
  const prepared = prepare(changed, deployment, isStrict);
  return {
    deploymentId: deployment.id,
    providerId: provider.adapter.id,
    modelId,
    path,
    reason: leaf.reason,
    availability: means.targets.availability(leaf.node).state,
    request: prepared.request,
    adjustments: prepared.adjustments,
    expectedPrice: estimatePrice(provider.adapter.profileOf(modelId), tokens, "usd"),
  };
}

function prepare(
  changed: ReturnType<typeof applyRequestChanges<ChatRequest>>,
  deployment: Deployment,
  isStrict: boolean,
): Pick<ExplainedTarget, "request" | "adjustments"> {
  try {
    const { origin, path, method, headers, body, adjustments } = prepareAttempt(changed.request, deployment);
    const all = [...changed.adjustments, ...adjustments];
    if (isStrict) refuseAdjustments(all);
    const shown = hideConfigured(headers, deployment.extraHeaders ?? {});
    return {
      request: { method, url: origin + path, headers: shown, body: JSON.parse(body) },
      adjustments: all,
    };
  } catch (thrown) {
    return { request: { error: toProviderError(thrown).toJSON() }, adjustments: [] };
  }
}

/** Headers of the configuration can be secrets; that they are sent is shown, what they say is not. */
function hideConfigured(
  headers: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(Object.keys(configured).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, names.has(name) ? "[configured]" : value]),
  );
}
