import type { Adjustment, AttemptRecord, ChatDispatch } from "@perilune/core";

/** Proxies in front of us commonly allow 8 KiB of headers in all. */
const maxAdjustmentBytes = 2_048;

/** What headers need of an answer; what was passed through was decided by nobody. */
type Answer = Pick<ChatDispatch, "attemptNumber" | "deployment"> &
  Partial<Pick<ChatDispatch, "routePath" | "decisionId">>;

/** Who answered, after how many attempts, and what was changed on the way. */
export function answerHeaders(
  { attemptNumber, deployment, routePath = "config", decisionId }: Answer,
  failed: readonly AttemptRecord[],
  adjustments: readonly Adjustment[],
): Record<string, string> {
  const { adapter } = deployment.provider;
  const winner = `${attemptNumber};${describeTarget(deployment.id, adapter.id, deployment.modelId)};outcome=answered`;
  return {
    "x-perilune-attempts": headerText([...failed.map(describeAttempt), winner].join(", ")),
    ...adjustmentsHeader(adjustments),
    "x-portkey-provider": adapter.id,
    "x-portkey-retry-attempt-count": String(attemptNumber - 1),
    "x-portkey-last-used-option-index": headerText(portkeyPath(routePath)),
    ...(decisionId !== undefined && { "x-perilune-decision": decisionId }),
    "x-litellm-model-id": headerText(deployment.id),
  };
}

/** Portkey's clients know `config` and what is below it; a path of our own configuration is none of theirs. */
function portkeyPath(path: string): string {
  return path.startsWith("config") ? path : "config";
}

/** The same for a call that no attempt answered. */
export function failureHeaders(
  attempts: readonly AttemptRecord[],
  adjustments: readonly Adjustment[],
): Record<string, string> {
  const last = attempts.at(-1);
  if (last === undefined) return adjustmentsHeader(adjustments);
  return {
    "x-perilune-attempts": headerText(attempts.map(describeAttempt).join(", ")),
    ...adjustmentsHeader(adjustments),
    "x-portkey-provider": last.providerId,
    "x-portkey-retry-attempt-count": String(attempts.length - 1),
    "x-portkey-last-used-option-index": "config",
    "x-litellm-model-id": headerText(last.deploymentId),
  };
}

function describeAttempt(record: AttemptRecord): string {
  const target = describeTarget(record.deploymentId, record.providerId, record.modelId);
  return `${record.number};${target};outcome=${record.error?.code ?? record.outcome};ms=${Math.round(record.durationMs)}`;
}

/** Files and balances are asked for without a model. */
function describeTarget(deploymentId: string, providerId: string, modelId: string): string {
  const target = `deployment=${deploymentId};provider=${providerId}`;
  return modelId === "" ? target : `${target};model=${modelId}`;
}

/** JSON, cut to whole entries; the log has them all. */
function adjustmentsHeader(adjustments: readonly Adjustment[]): Record<string, string> {
  if (adjustments.length === 0) return {};
  const shown: Adjustment[] = [];
  for (const adjustment of adjustments) {
    if (headerText(JSON.stringify([...shown, adjustment])).length > maxAdjustmentBytes) break;
    shown.push(adjustment);
  }
  return {
    "x-perilune-adjustments": headerText(JSON.stringify(shown)),
    ...(shown.length < adjustments.length && { "x-perilune-adjustments-total": String(adjustments.length) }),
  };
}

/** Header values are ASCII here: whatever else a name holds is written as an escape. */
export function headerText(text: string): string {
  return text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
