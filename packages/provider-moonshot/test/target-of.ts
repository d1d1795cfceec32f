import type { ChatTarget } from "@perilune/core/provider";
import { moonshotAdapter } from "../src/index.ts";

export function targetOf(modelId: string): ChatTarget {
  return { modelId, profile: moonshotAdapter.profileOf(modelId), settings: {} };
}
