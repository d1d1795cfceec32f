import type { ConnectionFacts } from "@perilune/core/provider";

/** The two platforms; accounts and keys of one mean nothing to the other (API reference, 2026-08-18). */
export const moonshotBaseUrls: Readonly<Record<string, string>> = {
  ai: "https://api.moonshot.ai/v1",
  cn: "https://api.moonshot.cn/v1",
};

export const moonshotConnection: ConnectionFacts = {
  defaultBaseUrl: "https://api.moonshot.ai/v1",
  namedBaseUrls: moonshotBaseUrls,
  apiKeyVariable: "MOONSHOT_API_KEY",
  baseUrlVariable: "MOONSHOT_API_BASE",
  authentication: { header: "authorization", prefix: "Bearer " },
};
