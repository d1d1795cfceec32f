import { createHash } from "node:crypto";
import type { ChatRequest } from "./chat-request.ts";
import { countMessageTokens, countPromptTokens } from "./token-count.ts";

/** How much of a prompt came out of the cache and how much was put into it; the rest is neither. */
export interface CachedPrompt {
  readonly readTokens: number;
  readonly writtenTokens: number;
}

interface Prefix {
  readonly key: string;
  readonly tokens: number;
}

const nothing: CachedPrompt = { readTokens: 0, writtenTokens: 0 };
const mostPrefixes = 20_000;

/**
 * The organisation's automatic prompt cache: whatever leading messages a request shares with an earlier one are read
 * from it. The documentation wants more than 256 tokens for that; every capture shows hits far below, so do we.
 */
export class PrefixCache {
  readonly #expiryByKey = new Map<string, number>();

  use(request: ChatRequest, nowMs: number): CachedPrompt {
    if (request.rules.promptCache === "none") return nothing;
    this.#forgetExpired(nowMs);
    const prefixes = prefixesOf(request);
    const hit = prefixes.findLast(({ key }) => (this.#expiryByKey.get(key) ?? 0) > nowMs);
    for (const { key } of prefixes) this.#expiryByKey.set(key, nowMs + request.cacheTtlMs);
    const readTokens = hit?.tokens ?? 0;
    const billsWrites = request.rules.promptCache === "reads and writes";
    return { readTokens, writtenTokens: billsWrites ? countPromptTokens(request) - readTokens : 0 };
  }

  #forgetExpired(nowMs: number): void {
    if (this.#expiryByKey.size < mostPrefixes) return;
    for (const [key, expiry] of this.#expiryByKey) if (expiry <= nowMs) this.#expiryByKey.delete(key);
    if (this.#expiryByKey.size >= mostPrefixes) this.#expiryByKey.clear();
  }
}

// The effort is part of the key: changing it in mid-conversation is documented to lose the cache.
function prefixesOf(request: ChatRequest): readonly Prefix[] {
  const wholePrompt = countPromptTokens(request);
  const messageTokens = request.messages.map(countMessageTokens);
  let tokens = wholePrompt - messageTokens.reduce((sum, count) => sum + count, 0);
  let key = JSON.stringify([request.model.id, request.effort, request.tools]);
  return request.messages.map((message, index) => {
    tokens += messageTokens[index] ?? 0;
    key = createHash("sha256").update(key).update(JSON.stringify(message)).digest("base64");
    return { key, tokens };
  });
}
