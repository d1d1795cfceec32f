import type { Adjustment } from "@perilune/core/provider";
import type { RequestRule } from "./request-rule.ts";

/** A stream is metered by the usage its provider reports, so it is asked for even when the client did not. */
export const askForStreamUsage: RequestRule = (request) => {
  const asked = request.stream_options?.include_usage;
  if (request.stream !== true || asked === true) return undefined;
  const adjustment: Adjustment = {
    parameter: "stream_options.include_usage",
    action: asked === false ? "changed" : "added",
    ...(asked === false && { from: false }),
    to: true,
    reason:
      "The provider is asked to report usage at the end of the stream; a client that did not ask is not sent it.",
    effect: "spelling",
  };
  return {
    request: { ...request, stream_options: { ...request.stream_options, include_usage: true } },
    adjustments: [adjustment],
  };
};
