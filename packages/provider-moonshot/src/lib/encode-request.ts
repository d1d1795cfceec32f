import type { RequestRule } from "@perilune/openai-compatible";
import { clampTemperature } from "./encode/clamp-temperature.ts";
import { dropEmptyContent } from "./encode/drop-empty-content.ts";
import { dropFixedSampling } from "./encode/drop-fixed-sampling.ts";
import { dropThinkingControls } from "./encode/drop-thinking-controls.ts";
import { fillReasoningContent } from "./encode/fill-reasoning-content.ts";
import { flattenTextParts } from "./encode/flatten-text-parts.ts";
import { normalizeSchemas } from "./encode/normalize-schemas.ts";
import { raiseTemperature } from "./encode/raise-temperature.ts";
import { releaseNamedTool } from "./encode/release-named-tool.ts";
import { renameDeveloperRole } from "./encode/rename-developer-role.ts";
import { renameMaxTokens } from "./encode/rename-max-tokens.ts";
import { requireATool } from "./encode/require-a-tool.ts";
import { requireTheNamedTool } from "./encode/require-the-named-tool.ts";
import { steerByEffort } from "./encode/steer-by-effort.ts";
import { steerByThinkingObject } from "./encode/steer-by-thinking-object.ts";
import { translateFunctionCall } from "./encode/translate-function-call.ts";
import { translateFunctionMessages } from "./encode/translate-function-messages.ts";
import { translateFunctions } from "./encode/translate-functions.ts";

/**
 * What is done to a request on its way to Moonshot. The order matters twice: old spellings become new ones
 * before anything looks at them, and whether the model thinks is settled before what depends on it.
 */
export const encodeRules: readonly RequestRule[] = [
  renameDeveloperRole,
  translateFunctions,
  translateFunctionCall,
  translateFunctionMessages,
  renameMaxTokens,

  dropThinkingControls,
  steerByThinkingObject,
  steerByEffort,
  requireTheNamedTool,
  releaseNamedTool,

  requireATool,
  clampTemperature,
  raiseTemperature,
  dropFixedSampling,
  fillReasoningContent,
  dropEmptyContent,
  flattenTextParts,
  normalizeSchemas,
];
