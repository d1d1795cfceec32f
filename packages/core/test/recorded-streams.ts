import { readFileSync } from "node:fs";

/** Whole streams as a provider sent them; where each comes from is told beside it. */
export const recordedStreams = [
  "kimi-k2.6.stream.sse",
  "moonshot-v1-8k.2026-06.stream.sse",
  "docs-example.chat.stream.sse",
  "kimi-k2.7-code.stream-abridged.sse",
].map((name) => ({ name, bytes: readFileSync(new URL(`../fixtures/${name}`, import.meta.url)) }));
