import type { ProviderAdapter } from "@perilune/core/provider";
import { createOpenAiCompatibleAdapter } from "@perilune/openai-compatible";
import { moonshotConnection } from "./connection.ts";
import { encodeRules } from "./encode-request.ts";
import { moonshotErrors } from "./map-error.ts";
import { models } from "./models.ts";
import { moonshotPassThrough } from "./pass-through.ts";
import { profileOf } from "./profile-of.ts";

/** Moonshot AI (Kimi): chat completions with the platform's rules applied and every change reported. */
export const moonshotAdapter: ProviderAdapter = createOpenAiCompatibleAdapter({
  id: "moonshot",
  connection: moonshotConnection,
  modelIdPatterns: ["kimi-*", "moonshot-v1-*"],
  models,
  profileOf,
  encodeRules,
  errors: moonshotErrors,
  passThrough: moonshotPassThrough,
});
