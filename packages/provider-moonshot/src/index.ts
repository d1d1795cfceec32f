/* Moonshot AI (Kimi) for Perilune. The default export is what a gateway loads by package name. */
export { moonshotAdapter, moonshotAdapter as default } from "./lib/adapter.ts";
export type { FamilyName } from "./lib/family-rules.ts";
export type { MoonshotProfile } from "./lib/models.ts";
export { moonshot } from "./lib/moonshot.ts";
export type { MoonshotSettings } from "./lib/moonshot.ts";
