import type { ModelProfile, TokenPrices } from "../contract/model-profile.ts";

export type Currency = keyof ModelProfile["prices"];

/** In integer billionths of the currency. Unknown is not zero. */
export type PriceEstimate =
  | { readonly kind: "known"; readonly nano: number; readonly currency: Currency }
  | { readonly kind: "unknown"; readonly reason: string };

/** Tokens a request is expected to use. Cached ones are part of the prompt's, as in `usage`. */
export interface ExpectedTokens {
  readonly prompt: number;
  readonly cachedPrompt: number;
  readonly output: number;
}

/**
 * What a request would cost by the model's own prices, to compare targets with, never to bill. Two targets can
 * only be compared in one currency, and no rate of exchange is made up.
 */
export function estimatePrice(
  profile: ModelProfile,
  tokens: ExpectedTokens,
  currency: Currency,
): PriceEstimate {
  const prices = profile.prices[currency];
  if (prices === undefined) {
    return { kind: "unknown", reason: `no price in ${currency.toUpperCase()} is known for ${profile.id}` };
  }
  return { kind: "known", nano: Math.round(costOf(prices, tokens)), currency };
}

function costOf(prices: TokenPrices, { prompt, cachedPrompt, output }: ExpectedTokens): number {
  const cached = Math.min(cachedPrompt, prompt);
  return (
    (prompt - cached) * prices.inputNanoPerToken +
    cached * (prices.cachedInputNanoPerToken ?? prices.inputNanoPerToken) +
    output * prices.outputNanoPerToken
  );
}
