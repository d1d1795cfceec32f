/* The chat-completions wire format as a base: a provider that speaks it is this plus its differences. */
export { createOpenAiCompatibleAdapter } from "./lib/create-adapter.ts";
export type { OpenAiCompatibleDefinition } from "./lib/create-adapter.ts";
export { changeMessages } from "./lib/encode/change-messages.ts";
export type { MessageChange } from "./lib/encode/change-messages.ts";
export { removeParameter, renameParameter, setParameter } from "./lib/encode/change-parameter.ts";
export type { Because } from "./lib/encode/change-parameter.ts";
export { isPlainWord } from "./lib/encode/plain-word.ts";
export { applyRules } from "./lib/encode/request-rule.ts";
export type { Change, RequestRule } from "./lib/encode/request-rule.ts";
export type { ErrorRule } from "./lib/error/error-rule.ts";
export type { ErrorDialect } from "./lib/error/map-error.ts";
export { mapUsage } from "./lib/decode/map-usage.ts";
