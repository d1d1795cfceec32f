import type { TokenPrices } from "@perilune/core/provider";

interface PricesPerMillion {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly cacheWrite?: { readonly fiveMinutes: number; readonly oneHour: number };
}

/** Prices as the platform prints them, per million tokens, in the contract's billionths per token. */
export function perMillion({ input, output, cached, cacheWrite }: PricesPerMillion): TokenPrices {
  return {
    inputNanoPerToken: nano(input),
    outputNanoPerToken: nano(output),
    ...(cached !== undefined && { cachedInputNanoPerToken: nano(cached) }),
    ...(cacheWrite && {
      cacheWriteNanoPerToken: {
        fiveMinutes: nano(cacheWrite.fiveMinutes),
        oneHour: nano(cacheWrite.oneHour),
      },
    }),
  };
}

function nano(perMillionTokens: number): number {
  return Math.round(perMillionTokens * 1000);
}
